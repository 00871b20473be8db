using Perdure.Cli.Tests.Running;

namespace Perdure.Cli.Tests.Commands;

/// <summary><c>perdure db purge</c></summary>
public sealed class PurgeTests(WorkedStore store) : IClassFixture<WorkedStore>
{
    private Tool Tool => store.Tool;

    [Fact]
    public async Task Purge_CountsAndDeletes_AndLeavesLiveRunsAlone()
    {
        var waiting = await store.WaitingRunAsync();
        foreach (var id in (string[])["one", "two"]) await Tool.DoneAsync("start", "greet", "--input", "\"x\"", "--id", id, "--wait");
        await Tool.RunAsync("start", "fails", "--input", "\"x\"", "--id", "failed", "--wait");

        Assert.Equal("would go   0\n", await Tool.DoneAsync("db", "purge", "--older-than", "1h", "--dry-run"));
        Assert.Equal("Completed  2\nFailed     1\nwould go   3\n", await Tool.DoneAsync("db", "purge", "--older-than", "0", "--dry-run"));
        (await Tool.RunAsync("db", "purge", "--older-than", "0")).Refused(2, "--yes");
        Assert.Equal("Failed     1\ndeleted    1\n", await Tool.DoneAsync("db", "purge", "--older-than", "0", "--status", "failed,Cancelled", "--yes"));
        var answer = await Tool.JsonAsync("db", "purge", "--older-than", "0", "--batch-size", "1", "--yes");
        Assert.Equal((2, 2), (answer.GetProperty("count").GetInt32(), answer.GetProperty("runs").GetProperty("Completed").GetInt32()));
        Assert.Equal([waiting], (await Tool.JsonAsync("list")).GetProperty("runs").EnumerateArray().Select(run => run.GetProperty("id").GetString()));
    }

    [Theory]
    [InlineData("--older-than", "db", "purge")]
    [InlineData("--older-than is a duration", "db", "purge", "--older-than", "old", "--yes")]
    [InlineData("only runs that have ended", "db", "purge", "--older-than", "1d", "--status", "Running", "--yes")]
    [InlineData("PERD1001", "db", "purge", "--older-than", "1d", "--batch-size", "0", "--yes")]
    public async Task O7_Purge_ThatCannotBeUnderstood_EndsWith2(string why, params string[] words) => (await Tool.RunAsync(words)).Refused(2, why);
}
