using Microsoft.Extensions.DependencyInjection;
using Perdure.Storage;
using Perdure.Tests.Engine;

namespace Perdure.Tests.Client;

/// <summary>The same act on all runs that a filter finds: which are meant, how fast, and what is told of each.</summary>
public class BulkTests
{
    private static void Register(IPerdureBuilder builder) => builder
        .AddWorkflow("waits", async (WorkflowContext ctx, int number) =>
        {
            await ctx.WaitForAsync(new Signal<int>("go"));
            return await ctx.StepAsync("end", (StepInfo step) => number < 0 ? throw new InvalidOperationException("no") : Task.FromResult(number), new() { Retry = new RetryPolicy { MaxAttempts = 1 } });
        });

    [Theory, EveryStore]
    public async Task Bulk_Cancel_StopsAllThatTheFilterFinds_AndNoOther(StoreKind kind)
    {
        await using var engine = await TestEngine.StartAsync(kind, Register);
        for (var i = 0; i < 120; i++) await engine.Client.StartAsync("waits", i, new() { Id = $"run-{i:D3}", Tags = new Dictionary<string, string> { ["even"] = $"{i % 2 == 0}" } }).Soon();
        for (var i = 0; i < 120; i++) await engine.Client.Handle($"run-{i:D3}").WaitsForAsync("signal");
        await engine.Client.SignalAsync("run-000", "go", 0).Soon();
        await engine.Client.Handle("run-000").WaitAsync().Soon();
        var filter = new RunFilter { Tags = new Dictionary<string, string?> { ["even"] = "True" } };

        var look = await engine.Client.BulkAsync(BulkAct.Cancel, filter, new() { DryRun = true }).Soon();
        Assert.Equal((true, 59, 0, 20, "run-118"), (look.DryRun, look.Found, look.Done, look.First.Count, look.First[0]));
        Assert.Equal(1, Assert.Single(await engine.Client.CountAsync(new() { Statuses = [RunStatus.Completed] })).Value);

        var told = new List<BulkReport>();
        var before = engine.Clock.GetUtcNow();
        var report = await engine.TrickleAsync(engine.Client.BulkAsync(BulkAct.Cancel, filter, new() { Reason = "no longer sold", PerSecond = 50, Progress = new Told(told) }));
        Assert.Equal((false, 59, 59, 0, 0), (report.DryRun, report.Found, report.Done, report.Skipped.Count, report.Failed.Count));
        Assert.True(engine.Clock.GetUtcNow() - before >= TimeSpan.FromSeconds(58 / 50.0));
        Assert.Equal(59, told[^1].Done);
        await engine.Client.Handle("run-002").BecomesAsync(RunStatus.Cancelled);
        Assert.Equal("no longer sold", (await engine.Client.GetAsync("run-002")).Error!.Message);
        await Waiting.UntilAsync(async () => (await engine.Client.CountAsync(new() { Statuses = [RunStatus.Cancelled] })).GetValueOrDefault(RunStatus.Cancelled) == 59);
        Assert.Equal(60, (await engine.Client.CountAsync(new() { Statuses = [RunStatus.Suspended] }))[RunStatus.Suspended]);
    }

    [Theory, EveryStore]
    public async Task Bulk_WhatIsNotPossible_IsSkippedWithItsReason(StoreKind kind)
    {
        await using var engine = await TestEngine.StartAsync(kind, Register);
        foreach (var (id, number) in new[] { ("failed", -1), ("done", 1), ("live", 2) }) await engine.Client.StartAsync("waits", number, new() { Id = id }).Soon();
        foreach (var id in new[] { "failed", "done" }) await engine.Client.SignalAsync(id, "go", 0).Soon();
        await engine.Client.Handle("failed").BecomesAsync(RunStatus.Failed);
        await engine.Client.Handle("done").BecomesAsync(RunStatus.Completed);
        await engine.Client.Handle("live").WaitsForAsync("signal");
        var all = new RunFilter { Workflow = "waits", Statuses = [RunStatus.Completed, RunStatus.Failed, RunStatus.Suspended] };

        var retried = await engine.TrickleAsync(engine.Client.BulkAsync(BulkAct.Retry, all));
        Assert.Equal((3, 1), (retried.Found, retried.Done));
        Assert.Equal(new Dictionary<string, int> { [ErrorCodes.RunClosed] = 1, [ErrorCodes.RunInUse] = 1 }, retried.Skipped);
        Assert.Equal(["done", "live"], retried.Problems.Select(problem => problem.RunId).Order());
        await engine.Client.Handle("failed").BecomesAsync(RunStatus.Failed);

        var deleted = await engine.TrickleAsync(engine.Client.BulkAsync(BulkAct.Delete, all));
        Assert.Equal((2, 1), (deleted.Done, deleted.Skipped[ErrorCodes.RunInUse]));
        Assert.Equal(["live"], (await engine.Client.ListAsync(new() { Workflow = "waits" })).Runs.Select(run => run.Id));

        var ended = await engine.TrickleAsync(engine.Client.BulkAsync(BulkAct.Terminate, new() { Workflow = "waits" }, new() { Reason = "gone" }));
        Assert.Equal(1, ended.Done);
        await engine.Client.Handle("live").BecomesAsync(RunStatus.Terminated);
        // Without statuses only those are meant in which there is something to do.
        Assert.Equal(0, (await engine.Client.BulkAsync(BulkAct.Terminate, new() { Workflow = "waits" })).Found);
        Assert.Equal(new Dictionary<string, int> { [nameof(CancelOutcome.AlreadyTerminated)] = 1 },
            (await engine.TrickleAsync(engine.Client.BulkAsync(BulkAct.Cancel, new() { Statuses = [RunStatus.Terminated] }))).Skipped);
    }

    [Theory, EveryStore]
    public async Task Bulk_ThatIsCancelled_LeavesTheRest_AndARepetitionFindsIt(StoreKind kind)
    {
        using var store = new TestStore(kind);
        await using var client = TestEngine.ClientOnly(store, Register);
        for (var i = 0; i < 10; i++) await client.Client.StartAsync("waits", i, new() { Id = $"run-{i}" }).Soon();
        using var stop = new CancellationTokenSource();
        var first = client.Client.BulkAsync(BulkAct.Terminate, new() { Workflow = "waits" }, new() { PerSecond = 1 }, stop.Token);
        // The first run is met at once, the next one a second later; nobody lets that second pass.
        await Waiting.UntilAsync(async () => (await client.Store.ReadRunAsync(new(Id: "run-9"), default))!.Inbox == 1);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first.Soon());

        var second = await client.TrickleAsync(client.Client.BulkAsync(BulkAct.Terminate, new() { Workflow = "waits" }, new() { AtMost = 4 }));
        Assert.Equal((4, 3, 1), (second.Found, second.Done, second.Skipped[nameof(CancelOutcome.AlreadyCancelling)]));
        Assert.Equal(["run-9", "run-8", "run-7", "run-6"], second.First);
    }

    [Fact]
    public async Task Bulk_OptionsThatBreakARule_AreRefused()
    {
        using var store = new TestStore(StoreKind.Memory);
        await using var client = TestEngine.ClientOnly(store, Register);
        foreach (var options in new BulkOptions[] { new() { PerSecond = 0 }, new() { PerSecond = 10_001 }, new() { AtMost = 0 }, new() { Cancel = new() { Grace = TimeSpan.FromSeconds(-1) } } })
            await Assert.ThrowsAsync<InvalidOptionException>(() => client.Client.BulkAsync(BulkAct.Cancel, new(), options));
        await Assert.ThrowsAsync<InvalidOptionException>(() => client.Client.BulkAsync((BulkAct)9, new()));
        await Assert.ThrowsAsync<InvalidOptionException>(() => client.Client.BulkAsync(BulkAct.Cancel, new() { Text = "" }));
    }

    [Theory, EveryStore]
    public async Task GetAsync_WithChildren_TellsTheNewestAndCountsThemByStatus(StoreKind kind)
    {
        await using var engine = await TestEngine.StartAsync(kind, builder =>
        {
            Register(builder);
            builder.AddWorkflow("parent", async (WorkflowContext ctx, int count) =>
            {
                for (var i = 0; i < count; i++) _ = ctx.StartChild<int>("waits", i, new() { Id = $"child-{i:D3}" });
                await ctx.WaitForAsync(new Signal<int>("never"));
                return 0;
            });
        });
        var parent = await engine.Client.StartAsync("parent", 103).Soon();
        for (var i = 0; i < 103; i++) await Waiting.UntilAsync(async () => (await engine.Client.ListAsync(new() { IdPrefix = $"child-{i:D3}", Statuses = [RunStatus.Suspended] })).Runs.Count == 1);
        await engine.Client.SignalAsync("child-007", "go", 1).Soon();
        await engine.Client.Handle("child-007").WaitAsync().Soon();

        Assert.Null((await parent.GetAsync()).Children);
        var run = await parent.GetAsync(RunInclude.Children);
        Assert.Equal(100, run.Children!.Count);
        Assert.All(run.Children, static child => Assert.Equal("waits", child.Workflow));
        Assert.Equal((1, 102), (run.ChildCounts![RunStatus.Completed], run.ChildCounts[RunStatus.Suspended]));
        Assert.Null(run.Steps);
        Assert.Empty((await engine.Client.GetAsync("child-007", RunInclude.Children | RunInclude.Steps)).Children!);
    }

    private sealed class Told(List<BulkReport> told) : IProgress<BulkReport>
    {
        public void Report(BulkReport value) => told.Add(value);
    }
}
