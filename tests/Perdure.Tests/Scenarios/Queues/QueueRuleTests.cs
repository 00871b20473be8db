using Microsoft.Extensions.DependencyInjection;
using Perdure.Tests.Engine;

namespace Perdure.Tests.Scenarios.Queues;

/// <summary>Pause, ageing and expiry of queues.</summary>
public class QueueRuleTests
{
    [Theory, EveryStore]
    public async Task G16_NothingOfAPausedQueueIsTakenAndAllIsServedAfterItIsResumed(StoreKind store)
    {
        var probe = new Probe();
        await using var engine = await StartAsync(store, probe);
        Assert.True((await engine.Client.Queues.PauseAsync("work").Soon()).IsPaused);
        var runs = new List<RunHandle>();
        for (var i = 0; i < 4; i++) runs.Add(await engine.Client.StartAsync("note", "run", new() { Queue = "work" }).Soon());
        runs.Add(await engine.Client.StartAsync("call", "work").Soon());
        await engine.PassAsync();
        Assert.Empty(probe.Calls);
        Assert.Equal(RunStatus.Pending, await runs[0].StatusAsync());
        Assert.Contains("is paused", (await engine.Client.ExplainAsync(runs[0].Id).Soon()).Reasons[0].Text, StringComparison.Ordinal);
        var paused = Assert.Single(await engine.Client.Queues.ListAsync().Soon(), queue => queue.Name == "work");
        Assert.Equal((4, 1), (paused.WaitingRuns, paused.WaitingActivities));

        Assert.False((await engine.Client.Queues.ResumeAsync("work").Soon()).IsPaused);
        foreach (var run in runs) await engine.TrickleAsync(run.ResultAsync<int>());
        Assert.Equal((4, 1), (probe.Count("run"), probe.Count("work")));
    }

    [Theory, EveryStore]
    public async Task G16_ARunThatNobodyHasBegunCanBeCancelledOnAPausedQueue(StoreKind store)
    {
        var probe = new Probe();
        await using var engine = await StartAsync(store, probe);
        await engine.Client.Queues.PauseAsync("work").Soon();
        var cancelled = await engine.Client.StartAsync("note", "run", new() { Queue = "work" }).Soon();
        var terminated = await engine.Client.StartAsync("note", "run", new() { Queue = "work" }).Soon();
        await cancelled.CancelAsync("not needed").Soon();
        await terminated.TerminateAsync("not needed").Soon();

        await engine.TrickleAsync(cancelled.BecomesAsync(RunStatus.Cancelled));
        await engine.TrickleAsync(terminated.BecomesAsync(RunStatus.Terminated));
        Assert.Empty(probe.Calls);
    }

    [Theory, EveryStore]
    public async Task Purge_CancelsWhatWaits_AndLeavesWhatHasBegunOrIsScheduled(StoreKind store)
    {
        var probe = new Probe();
        await using var engine = await StartAsync(store, probe);
        var other = await engine.Client.StartAsync("note", "other").Soon();
        await engine.Client.Queues.PauseAsync("work").Soon();
        var waiting = new List<RunHandle>();
        for (var i = 0; i < 3; i++) waiting.Add(await engine.Client.StartAsync("note", "run", new() { Queue = "work" }).Soon());
        var later = await engine.Client.StartAsync("note", "later", new() { Queue = "work", Delay = TimeSpan.FromHours(1) }).Soon();

        Assert.Equal(new QueuePurge(3, 0), await engine.Client.Queues.PurgeAsync("work", "a mistake").Soon());
        foreach (var run in waiting)
        {
            await engine.TrickleAsync(run.BecomesAsync(RunStatus.Cancelled));
            Assert.Contains("a mistake", (await run.GetAsync()).Error!.Message, StringComparison.Ordinal);
        }
        Assert.Equal(new QueuePurge(0, 0), await engine.Client.Queues.PurgeAsync("work").Soon());
        Assert.Equal(new QueuePurge(0, 0), await engine.Client.Queues.PurgeAsync("nobody-has-used-it").Soon());
        Assert.Equal(RunStatus.Pending, await later.StatusAsync());
        await engine.TrickleAsync(other.ResultAsync<int>());
        Assert.Equal(0, probe.Count("run"));
    }

    [Theory, EveryStore]
    public async Task StartWithin_NoWorkerTookTheRun_ItEndsTimedOutWithoutHavingRun(StoreKind store)
    {
        var probe = new Probe();
        await using var engine = await StartAsync(store, probe);
        await engine.Client.Queues.PauseAsync("work").Soon();
        var late = await engine.Client.StartAsync("note", "late", new() { Queue = "work", StartWithin = TimeSpan.FromSeconds(2) }).Soon();
        // Nobody serves this one at all.
        var lost = await engine.Client.StartAsync("note", "lost", new() { Queue = "nobody", StartWithin = TimeSpan.FromSeconds(3) }).Soon();
        var kept = await engine.Client.StartAsync("note", "kept", new() { Queue = "work", StartWithin = TimeSpan.FromHours(9) }).Soon();
        await engine.PassAsync();
        Assert.Equal(RunStatus.Pending, await late.StatusAsync());

        await Assert.ThrowsAsync<RunTimedOutException>(() => engine.TrickleAsync(late.ResultAsync<int>()));
        Assert.Contains("was not begun", (await late.GetAsync()).Error!.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<RunTimedOutException>(() => engine.TrickleAsync(lost.ResultAsync<int>()));
        await engine.Client.Queues.ResumeAsync("work").Soon();
        await engine.TrickleAsync(kept.ResultAsync<int>());
        Assert.Equal(["kept"], probe.Calls);

        // An operator who asks for it gets it run all the same.
        await engine.Client.RetryAsync(late.Id).Soon();
        await engine.TrickleAsync(late.BecomesAsync(RunStatus.Completed));
        Assert.Equal(["kept", "late"], probe.Calls);
    }

    [Theory, EveryStore]
    public async Task AgeAfter_WhatWaitsLong_OvertakesWhatIsUrgent(StoreKind kind)
    {
        using var store = new TestStore(kind);
        var probe = new Probe();
        static void Options(PerdureOptions o) => o.Queue("work").MaxResidentRuns = 1;
        await using (var starter = TestEngine.ClientOnly(store, builder => AddNote(builder, probe)))
        {
            await starter.Client.Queues.ConfigureAsync("work", new() { AgeAfter = TimeSpan.FromMinutes(1) }).Soon();
            await starter.Client.StartAsync("note", "old", new() { Queue = "work" }).Soon();
            store.Clock.Advance(TimeSpan.FromMinutes(10));
            await starter.Client.StartAsync("note", "urgent", new() { Queue = "work", Priority = 9 }).Soon();
        }
        await using var engine = await TestEngine.StartAsync(store, builder => AddNote(builder, probe), Options);
        await engine.TrickleAsync(probe.ReachedAsync("urgent"));
        Assert.Equal(["old", "urgent"], probe.Calls);
    }

    [Fact]
    public async Task ConfigureAsync_ValuesThatMakeNoSense_AreRefused()
    {
        await using var engine = await StartAsync(StoreKind.Memory, new Probe());
        var queues = engine.Client.Queues;
        await Assert.ThrowsAsync<InvalidOptionException>(() => queues.ConfigureAsync("work", new() { MaxConcurrency = -1 }));
        await Assert.ThrowsAsync<InvalidOptionException>(() => queues.ConfigureAsync("work", new() { MaxPerKey = -1 }));
        await Assert.ThrowsAsync<InvalidOptionException>(() => queues.ConfigureAsync("work", new() { AgeAfter = TimeSpan.FromTicks(1) }));
        await Assert.ThrowsAsync<InvalidOptionException>(() => queues.PauseAsync("_schedules"));
        await Assert.ThrowsAsync<InvalidOptionException>(() => engine.Client.StartAsync("note", "x", new() { StartWithin = TimeSpan.Zero }));
        await Assert.ThrowsAsync<InvalidOptionException>(() => engine.Client.StartAsync("note", "x", new() { ConcurrencyKey = "" }));
        Assert.Null((await queues.GetAsync("work").Soon()).MaxConcurrency);
    }

    private static Task<TestEngine> StartAsync(StoreKind store, Probe probe) => TestEngine.StartAsync(store, builder => AddNote(builder, probe), o => o.Queue("work").Queue("default"));

    private static void AddNote(IPerdureBuilder builder, Probe probe) => builder
        .AddWorkflow("note", (WorkflowContext ctx, string name) => ctx.StepAsync("note", () => probe.NoteAsync(name, 1)))
        .AddWorkflow("call", (WorkflowContext ctx, string queue) => ctx.ActivityAsync<int>("act", "work", new() { Queue = queue }))
        .AddActivity("act", (string name) => probe.NoteAsync(name, 1));
}
