using Perdure.Cli.Tests.Running;

namespace Perdure.Cli.Tests.Commands;

/// <summary><c>cancel</c>, <c>terminate</c>, <c>retry</c> and <c>delete</c> on all runs that a filter finds; the children of a run.</summary>
public sealed class BulkTests(WorkedStore store) : IClassFixture<WorkedStore>
{
    private Tool Tool => store.Tool;

    [Fact]
    public async Task ByFilter_LooksFirst_NeedsAYes_AndTellsWhatBecameOfThem()
    {
        foreach (var id in (string[])["lot-1", "lot-2", "lot-3"]) await Tool.DoneAsync("start", "approve", "--input", "\"x\"", "--id", id, "--tag", "batch=lot");
        await Tool.DoneAsync("start", "approve", "--input", "\"x\"", "--id", "other");

        Assert.Equal("found      3\nfirst      lot-3, lot-2, lot-1\n", await Tool.DoneAsync("run", "cancel", "--tag", "batch=lot", "--dry-run"));
        (await Tool.RunAsync("run", "cancel", "--tag", "batch=lot")).Refused(2, "Cancel 3 runs (lot-3, lot-2, lot-1)?");
        Assert.Equal("done       1\n", await Tool.DoneAsync("terminate", "--tag", "batch=lot", "--limit", "1", "--yes"));
        var report = await Tool.JsonAsync("cancel", "--tag", "batch=lot", "--reason", "all of them", "--rate", "1000", "--yes");
        // The one that was terminated may not have ended yet.
        Assert.InRange(report.GetProperty("done").GetInt32(), 2, 3);
        foreach (var id in (string[])["lot-1", "lot-2"]) (await Tool.RunAsync("result", id, "--wait")).Refused(5, "PERD1502");
        (await Tool.RunAsync("result", "lot-3", "--wait")).Refused(5, "PERD1504");
        Assert.Equal("done       3\n", await Tool.DoneAsync("delete", "--tag", "batch=lot", "--yes"));
        Assert.Equal("found      0\n", await Tool.DoneAsync("delete", "--tag", "batch=lot", "--yes"));
        await Tool.DoneAsync("show", "other");
    }

    [Fact]
    public async Task Retry_ByFilter_ReopensWhatFailed()
    {
        foreach (var id in (string[])["bad-1", "bad-2"]) await Tool.RunAsync("start", "fails", "--input", "\"x\"", "--id", id, "--tag", "batch=bad", "--wait");
        await Tool.DoneAsync("start", "greet", "--input", "\"x\"", "--id", "good", "--tag", "batch=bad", "--wait");
        Assert.Equal("done       2\n", await Tool.DoneAsync("retry", "--tag", "batch=bad", "--yes"));
        foreach (var id in (string[])["bad-1", "bad-2"]) (await Tool.RunAsync("result", id, "--wait")).Refused(5, "PERD1501");
        var all = await Tool.RunAsync("retry", "--tag", "batch=bad", "--status", "failed,completed", "--yes");
        Assert.Equal((0, "done       2\nskipped    1 PERD1202\n"), (all.ExitCode, all.Output));
        Assert.Contains("good:", all.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("which runs are meant", "cancel")]
    [InlineData("not both", "cancel", "some", "--workflow", "approve")]
    [InlineData("not both", "delete", "some", "--dry-run")]
    [InlineData("are for one run", "cancel", "--workflow", "approve", "--wait", "--yes")]
    [InlineData("BulkOptions.PerSecond", "terminate", "--workflow", "approve", "--rate", "0", "--yes")]
    public async Task WhatCannotBeUnderstood_EndsWith2(string why, params string[] words) => (await Tool.RunAsync(words)).Refused(2, why);

    [Fact]
    public async Task Children_OfARunWithout_AreNone_AndOfNoRunAnError()
    {
        var id = await store.WaitingRunAsync();
        Assert.Equal(0, (await Tool.JsonAsync("children", id)).GetProperty("runs").GetArrayLength());
        Assert.Equal(0, (await Tool.JsonAsync("show", id)).GetProperty("children").GetArrayLength());
        (await Tool.RunAsync("children", "nobody")).Refused(3, "PERD1201");
    }
}
