using Microsoft.Extensions.DependencyInjection;
using Perdure.Pipelines;
using Perdure.Tests.Engine;

namespace Perdure.Tests.Scenarios.Queues;

/// <summary>Activities that are taken off their queue, and what becomes of the runs that wait for them.</summary>
public class QueuePurgeTests
{
    private static readonly Signal<int> Go = new("go");
    private static readonly ActivityOptions Far = new() { Queue = "far" };

    [Theory, EveryStore]
    public async Task Purge_ActivitiesThatWait_AreWithdrawn_TheirCodeIsTold_AndTheNextLifeOfTheRunReplaysIt(StoreKind kind)
    {
        using var store = new TestStore(kind);
        var probe = new Probe();
        List<string> ids = [];
        await using (var first = await TestEngine.StartAsync(store, builder => Register(builder, probe)))
        {
            for (var i = 0; i < 3; i++) ids.Add((await first.Client.StartAsync("catches", i).Soon()).Id);
            foreach (var id in ids) await first.Client.Handle(id).WaitsForAsync("activity");
            Assert.Equal(new QueuePurge(0, 3), await first.Client.Queues.PurgeAsync("far", "sent twice").Soon());
            foreach (var id in ids) await first.TrickleAsync(first.Client.Handle(id).WaitsForAsync("signal"));
            Assert.Equal(new QueuePurge(0, 0), await first.Client.Queues.PurgeAsync("far").Soon());
            await first.StopAsync();
        }
        // This one serves the queue, and finds nothing on it.
        await using var second = await TestEngine.StartAsync(store, builder => Register(builder, probe), static o => o.Queue("far").Queue(PerdureDefaults.Queue));
        foreach (var id in ids)
        {
            var run = second.Client.Handle<string>(id);
            await run.SignalAsync(Go, 1).Soon();
            Assert.Equal("work: sent twice, PERD1413, True", await second.TrickleAsync(run.ResultAsync()));
            var cancelled = Assert.Single(await run.GetHistoryAsync(kinds: [EventKind.ActivityCancelled]));
            Assert.Equal("sent twice", cancelled.Data!.Value.GetProperty("reason").GetString());
            var step = (await run.GetAsync(RunInclude.Steps)).Steps![0];
            Assert.Equal((RunStepStatus.Cancelled, 0), (step.Status, step.Attempts));
        }
        Assert.Empty(probe.Calls);
    }

    [Theory, EveryStore]
    public async Task Purge_LeavesWhatRuns_AndWhatIsDueLater(StoreKind kind)
    {
        var probe = new Probe();
        await using var engine = await TestEngine.StartAsync(kind, builder => Register(builder, probe), static o => o.Queue("far", maxConcurrency: 1).Queue(PerdureDefaults.Queue));
        var retries = await engine.Client.StartAsync("retries", default(Unit)).Soon();
        await Waiting.UntilAsync(async () => (await retries.GetHistoryAsync(kinds: [EventKind.ActivityRetryScheduled])).Count == 1);
        var runs = await engine.Client.StartAsync("holds", "held").Soon();
        await engine.TrickleAsync(probe.ReachedAsync("held"));
        var waits = await engine.Client.StartAsync("catches", 1).Soon();
        await waits.WaitsForAsync("activity");

        Assert.Equal(new QueuePurge(0, 1), await engine.Client.Queues.PurgeAsync("far").Soon());
        await engine.TrickleAsync(waits.WaitsForAsync("signal"));
        await waits.SignalAsync(Go, 1).Soon();
        Assert.Equal("work: , PERD1413, True", await engine.TrickleAsync(waits.ResultAsync<string>()));
        probe.Open("held");
        Assert.Equal("held", await engine.TrickleAsync(runs.ResultAsync<string>()));
        await engine.AdvanceAsync(TimeSpan.FromHours(1));
        Assert.Equal(2, await engine.TrickleAsync(retries.ResultAsync<int>()));
    }

    [Theory, EveryStore]
    public async Task Purge_OfWhatARunDoesNotCatch_FailsTheRun_AndARetryAsksForItAnew(StoreKind kind)
    {
        using var store = new TestStore(kind);
        var probe = new Probe();
        string id;
        await using (var engine = await TestEngine.StartAsync(store, builder => Register(builder, probe)))
        {
            var run = await engine.Client.StartAsync("calls", 7).Soon();
            id = run.Id;
            await run.WaitsForAsync("activity");
            await engine.Client.Queues.PurgeAsync("far", "wrong customer").Soon();

            var failure = await Assert.ThrowsAsync<RunFailedException>(() => engine.TrickleAsync(run.ResultAsync<int>()));
            Assert.Equal((ErrorCodes.ActivityWithdrawn, "The activity 'work' was taken off its queue: wrong customer"), (failure.ErrorCode, failure.ErrorMessage));
            await run.RetryAsync().Soon();
            await run.WaitsForAsync("activity");
            await engine.StopAsync();
        }
        await using var server = await TestEngine.StartAsync(store, builder => Register(builder, probe), static o => o.Queue("far").Queue(PerdureDefaults.Queue));
        Assert.Equal(7, await server.TrickleAsync(server.Client.Handle<int>(id).ResultAsync()));
        Assert.Equal(["work 7"], probe.Calls);
    }

    [Theory, EveryStore]
    public async Task Purge_BesideAPause_IsKept_AndALifeBehindThatKnowsThatItIsNotMeant(StoreKind kind)
    {
        using var store = new TestStore(kind);
        var probe = new Probe();
        string id;
        await using (var engine = await TestEngine.StartAsync(store, builder => Register(builder, probe)))
        {
            var (goesOn, reopened) = (await engine.Client.StartAsync("catches", 1).Soon(), await engine.Client.StartAsync("calls", 8).Soon());
            id = reopened.Id;
            foreach (var run in new[] { goesOn, reopened })
            {
                await run.WaitsForAsync("activity");
                await run.PauseAsync().Soon();
                await run.BecomesAsync(RunStatus.Paused);
            }
            Assert.Equal(new QueuePurge(0, 2), await engine.Client.Queues.PurgeAsync("far").Soon());
            await engine.PassAsync();
            Assert.Equal((RunStatus.Paused, RunStatus.Paused), (await goesOn.StatusAsync(), await reopened.StatusAsync()));
            await goesOn.ResumeAsync().Soon();
            await engine.TrickleAsync(goesOn.WaitsForAsync("signal"));
            await reopened.TerminateAsync("away with it").Soon();
            await engine.TrickleAsync(reopened.BecomesAsync(RunStatus.Terminated));
            await reopened.RetryAsync().Soon();
            await engine.TrickleAsync(reopened.WaitsForAsync("activity"));
            await engine.PassAsync();
            await reopened.WaitsForAsync("activity");
            await engine.StopAsync();
        }
        await using var server = await TestEngine.StartAsync(store, builder => Register(builder, probe), static o => o.Queue("far").Queue(PerdureDefaults.Queue));
        Assert.Equal(8, await server.TrickleAsync(server.Client.Handle<int>(id).ResultAsync()));
        Assert.Equal(["work 8"], probe.Calls);
    }

    [Theory, EveryStore]
    public async Task Purge_OfActivitiesThatACancelledRunHasLeftBehind_TakesThemToo(StoreKind kind)
    {
        using var store = new TestStore(kind);
        var probe = new Probe();
        await using var engine = await TestEngine.StartAsync(store, builder => Register(builder, probe));
        var run = await engine.Client.StartAsync("calls", 1).Soon();
        await run.WaitsForAsync("activity");
        await run.CancelAsync("stop", new() { KeepQueued = true }).Soon();
        await run.BecomesAsync(RunStatus.Cancelled);
        var events = (await run.GetHistoryAsync()).Count;

        Assert.Equal(1, (await engine.Client.Queues.GetAsync("far").Soon()).WaitingActivities);
        Assert.Equal(new QueuePurge(0, 1), await engine.Client.Queues.PurgeAsync("far").Soon());
        await engine.PassAsync();
        Assert.Equal((0, RunStatus.Cancelled, events), ((await engine.Client.Queues.GetAsync("far").Soon()).WaitingActivities, await run.StatusAsync(), (await run.GetHistoryAsync()).Count));
    }

    [Theory, EveryStore]
    public async Task Purge_OfTheCleanupOfACancelledRun_FailsIt_AsAnyFailureOfACleanupDoes(StoreKind kind)
    {
        await using var engine = await TestEngine.StartAsync(kind, builder => Register(builder, new Probe()));
        var run = await engine.Client.StartAsync("cleans", 1).Soon();
        await run.WaitsForAsync("signal");
        await run.CancelAsync("stop").Soon();
        await engine.TrickleAsync(run.WaitsForAsync("activity"));
        await engine.Client.Queues.PurgeAsync("far", "by mistake").Soon();

        var failure = await Assert.ThrowsAsync<RunFailedException>(() => engine.TrickleAsync(run.WaitAsync()));
        Assert.Equal(ErrorCodes.ActivityWithdrawn, failure.ErrorCode);
    }

    [Theory, EveryStore]
    public async Task Purge_WhileAWorkerTakesThem_EachActivityRunsOrIsWithdrawn(StoreKind kind)
    {
        const int count = 30;
        var probe = new Probe();
        await using var engine = await TestEngine.StartAsync(kind, builder => Register(builder, probe), static o => o.Queue("far", maxConcurrency: 2).Queue(PerdureDefaults.Queue));
        await engine.Client.Queues.PauseAsync("far").Soon();
        var run = await engine.Client.StartAsync("fans-out", count).Soon();
        await engine.TrickleAsync(Waiting.UntilAsync(async () => (await engine.Client.Queues.GetAsync("far")).WaitingActivities == count));
        var resumed = engine.Client.Queues.ResumeAsync("far");
        var purged = await engine.Client.Queues.PurgeAsync("far").Soon();
        await resumed.Soon();

        // A withdrawn item has failed, for whoever fans out.
        Assert.Equal($"{count - purged.Activities} {purged.Activities} 0", await engine.TrickleAsync(run.ResultAsync<string>()));
        Assert.Equal(count - purged.Activities, probe.Calls.Length);
    }

    [Theory, EveryStore]
    public async Task Purge_OfAStepOfAPipeline_FailsItsBranch_WhichACompletedBlockTells(StoreKind kind)
    {
        var pipeline = Pipeline.Define("both", p => p.Parallel("sides", block => block
            .OnError(OnError.CompleteAll)
            .Branch("near", b => b.Step("walk", c => c.Data.Put("walked", true)))
            .Branch("far", b => b.Step("drive", c => c.Data.Put("driven", true), s => s.Queue("far")))));
        await using var engine = await TestEngine.StartAsync(kind, builder => builder.AddPipeline(pipeline));
        var run = await engine.Client.StartAsync(pipeline.Workflow, default).Soon();
        await engine.TrickleAsync(run.WaitsForAsync("activity"));
        Assert.Equal(new QueuePurge(0, 1), await engine.Client.Queues.PurgeAsync("far").Soon());
        var data = await engine.TrickleAsync(run.ResultAsync());
        Assert.Equal("completed", data.GetProperty("parallel.sides.near").GetProperty("status").GetString());
        Assert.Equal(ErrorCodes.ActivityWithdrawn, data.GetProperty("parallel.sides.far").GetProperty("error").GetProperty("code").GetString());
    }

    private static void Register(IPerdureBuilder builder, Probe probe) => builder
        .AddActivity("work", (int n) => probe.NoteAsync($"work {n}", n))
        .AddActivity("hold", async (string gate, CancellationToken ct) =>
        {
            await probe.HoldAsync(gate, ct);
            return gate;
        })
        .AddActivity("stumble", (Unit _, StepInfo info) => info.Attempt == 2 ? Task.FromResult(2) : throw new InvalidOperationException("not yet"))
        .AddWorkflow("calls", (WorkflowContext ctx, int n) => ctx.ActivityAsync<int>("work", n, Far))
        .AddWorkflow("catches", async (WorkflowContext ctx, int n) =>
        {
            var seen = "";
            try
            {
                await ctx.ActivityAsync<int>("work", n, Far);
            }
            catch (OperationCanceledException e)
            {
                seen = e is ActivityWithdrawnException withdrawn ? $"{withdrawn.Activity}: {withdrawn.Reason}, {withdrawn.Code}" : e.Message;
            }
            await ctx.WaitForAsync(Go);
            return $"{seen}, {!ctx.CancellationToken.IsCancellationRequested}";
        })
        .AddWorkflow("cleans", async (WorkflowContext ctx, int n) =>
        {
            try
            {
                await ctx.WaitForAsync(Go);
            }
            finally
            {
                await ctx.ShieldAsync(() => ctx.ActivityAsync<int>("work", n, Far));
            }
        })
        .AddWorkflow("holds", (WorkflowContext ctx, string gate) => ctx.ActivityAsync<string>("hold", gate, Far))
        .AddWorkflow("retries", (WorkflowContext ctx, Unit _) => ctx.ActivityAsync<int>("stumble", default(Unit), Far with { Retry = RetryPolicy.Constant(TimeSpan.FromHours(1)) }))
        .AddWorkflow("fans-out", async (WorkflowContext ctx, int count) =>
        {
            var result = await ctx.FanOutAsync(Enumerable.Range(0, count), new ActivityDefinition<int, int>("work"), new() { Strategy = FanOutStrategy.CollectAll }, Far);
            return $"{result.SuccessCount} {result.FailedCount} {result.CancelledCount}";
        });
}
