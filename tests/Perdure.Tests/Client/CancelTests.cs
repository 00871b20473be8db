using Microsoft.Extensions.DependencyInjection;
using Perdure.Tests.Engine;

namespace Perdure.Tests.Client;

/// <summary>Stopping runs: asked, forced, twice, too late; and opening them again.</summary>
public class CancelTests
{
    private static readonly Signal<string> Never = new("never");

    [Theory, EveryStore]
    public async Task A8_ACancelDuringASleepRunsTheCleanupAndNothingElse(StoreKind store)
    {
        var probe = new Probe();
        await using var engine = await TestEngine.StartAsync(store, builder => builder.AddWorkflow("order", async (WorkflowContext ctx, Unit _) =>
        {
            await ctx.StepAsync("reserve", () => probe.NoteAsync("reserve", 1));
            try
            {
                await ctx.SleepAsync(TimeSpan.FromSeconds(5));
                await ctx.StepAsync("charge", () => probe.NoteAsync("charge", 1));
            }
            catch (OperationCanceledException)
            {
                await ctx.ShieldAsync(async () =>
                {
                    await ctx.StepAsync("release", () => probe.NoteAsync("release", 1));
                    await ctx.StepAsync("refund", () => probe.NoteAsync("refund", 1));
                });
                throw;
            }
            return "done";
        }));
        var run = await engine.Client.StartAsync("order", default(Unit)).Soon();
        await run.WaitsForAsync("timer");

        Assert.Equal(CancelOutcome.Recorded, await run.CancelAsync("customer changed their mind").Soon());

        var error = await Assert.ThrowsAsync<RunCancelledException>(() => run.WaitAsync().Soon());
        Assert.Equal("customer changed their mind", error.Reason);
        Assert.Equal(["reserve", "release", "refund"], probe.Calls);
        Assert.Equal(
            ["workflow_started", "step_completed", "sleep_started", "cancel_requested", "sleep_cancelled", "step_completed", "step_completed", "workflow_cancelled"],
            (await run.GetHistoryAsync()).Select(e => e.WireName));
        var request = (await run.GetHistoryAsync(kinds: [EventKind.CancelRequested]))[0];
        Assert.Equal("customer changed their mind", request.Note);
        Assert.Equal("customer changed their mind", (await run.GetAsync()).Error!.Message);
    }

    [Theory, EveryStore(SeveralWorkers = true)]
    public async Task A17_QueuedActivitiesAreWithdrawn_OrRunAllTheSameOnRequest(StoreKind kind)
    {
        foreach (var keepQueued in new[] { false, true })
        {
            using var store = new TestStore(kind);
            var probe = new Probe();
            void Workflow(IPerdureBuilder builder) => builder.AddWorkflow("two", async (WorkflowContext ctx, Unit _) =>
            {
                var options = new ActivityOptions { Queue = "slow" };
                var first = ctx.ActivityAsync<int>("act", 1, options);
                var second = ctx.ActivityAsync<int>("act", 2, options);
                await Task.WhenAll(first, second);
                await ctx.StepAsync("after", () => probe.NoteAsync("after", 1));
                return 1;
            }).AddActivity("act", (int number) => probe.NoteAsync("wrong worker", number));
            await using var engine = await TestEngine.StartAsync(store, Workflow);
            var run = await engine.Client.StartAsync("two", default(Unit)).Soon();
            await Waiting.UntilAsync(async () => (await run.GetAsync()).WaitingFor.Count == 2);

            await run.CancelAsync("stop", new() { KeepQueued = keepQueued }).Soon();
            await Assert.ThrowsAsync<RunCancelledException>(() => run.WaitAsync().Soon());
            await using var worker = await TestEngine.StartAsync(store, builder => builder
                .AddWorkflow("later", (WorkflowContext ctx, Unit _) => ctx.ActivityAsync<int>("act", 3, new() { Queue = "slow", Priority = -1 }))
                .AddActivity("act", (int number) => probe.NoteAsync("act " + number, number)), o => o.Queue("slow"));
            // Served after the other two, if those are still there.
            var later = await worker.Client.StartAsync("later", default(Unit), new() { Queue = "slow" }).Soon();
            await later.WaitAsync().Soon();
            if (keepQueued) await probe.ReachedAsync("act 1");
            if (keepQueued) await probe.ReachedAsync("act 2");

            Assert.Equal(keepQueued ? ["act 1", "act 2", "act 3"] : ["act 3"], probe.Calls.Order());
            Assert.Equal(RunStatus.Cancelled, await run.StatusAsync());
            var steps = (await run.GetAsync(RunInclude.Steps)).Steps!;
            if (!keepQueued) Assert.Equal([RunStepStatus.Cancelled, RunStepStatus.Cancelled], steps.Select(step => step.Status));
        }
    }

    [Theory, EveryStore(SeveralWorkers = true)]
    public async Task A17_ARunThatIsReopenedBeforeItsKeptActivitiesHaveRunSchedulesThemAnew(StoreKind kind)
    {
        using var store = new TestStore(kind);
        var probe = new Probe();
        void Register(IPerdureBuilder builder) => builder
            .AddWorkflow("two", async (WorkflowContext ctx, Unit _) =>
            {
                var options = new ActivityOptions { Queue = "slow" };
                var both = await Task.WhenAll(ctx.ActivityAsync<int>("act", 1, options), ctx.ActivityAsync<int>("act", 2, options));
                return both[0] + both[1];
            })
            .AddActivity("act", (int number) => probe.NoteAsync("act " + number, number));
        await using var engine = await TestEngine.StartAsync(store, Register);
        var run = await engine.Client.StartAsync("two", default(Unit)).Soon();
        await Waiting.UntilAsync(async () => (await run.GetAsync()).WaitingFor.Count == 2);
        await run.CancelAsync("stop", new() { KeepQueued = true }).Soon();
        await run.BecomesAsync(RunStatus.Cancelled);

        await engine.Client.RetryAsync(run.Id).Soon();
        await Waiting.UntilAsync(async () => (await run.GetAsync()).WaitingFor.Count == 2);
        await using var worker = await TestEngine.StartAsync(store, Register, o => o.Queue("slow"));

        Assert.Equal(3, await engine.TrickleAsync(run.ResultAsync<int>()));
        Assert.Equal(["act 1", "act 2"], probe.Calls.Order());
    }

    [Theory, EveryStore]
    public async Task G1_APendingRunIsCancelledWithoutItsBodyBeingEntered(StoreKind kind)
    {
        using var store = new TestStore(kind);
        var probe = new Probe();
        void Register(IPerdureBuilder builder) => builder.AddWorkflow("enter", (WorkflowContext ctx, Unit _) => probe.NoteAsync("entered", 1));
        await using var client = TestEngine.ClientOnly(store, Register);
        var run = await client.Client.StartAsync("enter", default(Unit)).Soon();
        var scheduled = await client.Client.StartAsync("enter", default(Unit), new() { Delay = TimeSpan.FromDays(1) }).Soon();

        Assert.Equal(CancelOutcome.Recorded, await run.CancelAsync("never mind").Soon());
        Assert.Equal(CancelOutcome.AlreadyCancelling, await run.CancelAsync("again").Soon());
        await scheduled.CancelAsync();
        await using var engine = await TestEngine.StartAsync(store, Register);

        await run.BecomesAsync(RunStatus.Cancelled);
        await scheduled.BecomesAsync(RunStatus.Cancelled);
        Assert.Empty(probe.Calls);
        Assert.Equal("never mind", (await run.GetAsync()).Error!.Message);
    }

    [Theory, EveryStore]
    public async Task G2_AnActivityThatIgnoresItsTokenIsRecordedFirst(StoreKind store)
    {
        var probe = new Probe();
        await using var engine = await TestEngine.StartAsync(store, builder => builder
            .AddWorkflow("deaf", async (WorkflowContext ctx, Unit _) =>
            {
                var result = await ctx.ActivityAsync<string>("act");
                probe.Note("got " + result);
                await ctx.StepAsync("next", () => probe.NoteAsync("next", 1));
                return result;
            })
            .AddActivity("act", async () =>
            {
                await probe.HoldAsync("act");
                return "result";
            }));
        var run = await engine.Client.StartAsync("deaf", default(Unit)).Soon();
        await probe.ReachedAsync("act");

        Assert.Equal(CancelOutcome.Recorded, await run.CancelAsync("stop").Soon());
        await Waiting.UntilAsync(async () => (await run.GetAsync()).Phase == RunPhase.Cancelling);
        Assert.Equal(RunStatus.Suspended, await run.StatusAsync());
        probe.Open("act");

        await Assert.ThrowsAsync<RunCancelledException>(() => engine.TrickleAsync(run.WaitAsync()));
        Assert.Equal(["act", "got result"], probe.Calls);
        Assert.Equal(["act"], (await run.GetAsync(RunInclude.Steps)).Steps!.Select(step => step.Name));
    }

    [Theory, EveryStore]
    public async Task G3_AnActivityThatObservesItsTokenStopsAndIsNotRetried(StoreKind store)
    {
        var probe = new Probe();
        await using var engine = await TestEngine.StartAsync(store, builder => builder
            .AddWorkflow("listen", (WorkflowContext ctx, Unit _) => ctx.ActivityAsync<int>("act"))
            .AddActivity("act", async (CancellationToken ct) =>
            {
                await probe.HoldAsync("act", ct);
                return 1;
            }));
        var run = await engine.Client.StartAsync("listen", default(Unit)).Soon();
        await probe.ReachedAsync("act");

        await run.CancelAsync("stop").Soon();

        await Assert.ThrowsAsync<RunCancelledException>(() => engine.TrickleAsync(run.WaitAsync()));
        Assert.Equal(["act"], probe.Calls);
        Assert.Single(await run.GetHistoryAsync(kinds: [EventKind.ActivityCancelled]));
    }

    [Theory, EveryStore]
    public async Task AStepThatObservesItsTokenStops(StoreKind store)
    {
        var probe = new Probe();
        await using var engine = await TestEngine.StartAsync(store, builder => builder
            .AddWorkflow("listen", (WorkflowContext ctx, Unit _) => ctx.StepAsync("step", async ct =>
            {
                await probe.HoldAsync("step", ct);
                return 1;
            })));
        var run = await engine.Client.StartAsync("listen", default(Unit)).Soon();
        await probe.ReachedAsync("step");

        await run.CancelAsync("stop").Soon();

        await Assert.ThrowsAsync<RunCancelledException>(() => engine.TrickleAsync(run.WaitAsync()));
        Assert.Equal(["step"], probe.Calls);
    }

    [Theory, EveryStore]
    public async Task G8_AskingAgainIsAnsweredByHowThingsStand(StoreKind store)
    {
        var probe = new Probe();
        await using var engine = await TestEngine.StartAsync(store, builder => builder
            .AddWorkflow("clean", async (WorkflowContext ctx, string how) =>
            {
                if (how == "fail") throw new WorkflowFailureException("broken");
                if (how == "complete") return 1;
                try
                {
                    await ctx.WaitForAsync(Never);
                }
                finally
                {
                    await ctx.ShieldAsync(() => ctx.StepAsync("clean", () => probe.HoldAsync("clean")));
                }
                return 1;
            }));
        var run = await engine.Client.StartAsync("clean", "wait").Soon();
        await run.WaitsForAsync("signal");

        Assert.Equal(CancelOutcome.Recorded, await run.CancelAsync("first").Soon());
        Assert.Equal(CancelOutcome.AlreadyCancelling, await run.CancelAsync("second").Soon());
        await probe.ReachedAsync("clean");
        Assert.Equal(CancelOutcome.AlreadyCancelling, await run.CancelAsync("third").Soon());
        probe.Open("clean");
        Assert.Equal("first", (await Assert.ThrowsAsync<RunCancelledException>(() => engine.TrickleAsync(run.WaitAsync()))).Reason);
        Assert.Equal(CancelOutcome.AlreadyCancelled, await run.CancelAsync().Soon());
        Assert.Single(await run.GetHistoryAsync(kinds: [EventKind.CancelRequested]));

        var completed = await engine.Client.StartAsync("clean", "complete").Soon();
        await completed.WaitAsync().Soon();
        Assert.Equal(CancelOutcome.AlreadyCompleted, await completed.CancelAsync().Soon());
        Assert.Equal(CancelOutcome.AlreadyCompleted, await completed.TerminateAsync().Soon());
        var failed = await engine.Client.StartAsync("clean", "fail").Soon();
        await failed.BecomesAsync(RunStatus.Failed);
        Assert.Equal(CancelOutcome.AlreadyFailed, await failed.CancelAsync().Soon());
        await Assert.ThrowsAsync<RunNotFoundException>(() => engine.Client.CancelAsync("nobody").Soon());
        await Assert.ThrowsAsync<RunNotFoundException>(() => engine.Client.TerminateAsync("nobody").Soon());
    }

    [Theory, EveryStore]
    public async Task G11_ReturningNormallyFromACancelIsCompletedAndSaysSo(StoreKind store)
    {
        await using var engine = await TestEngine.StartAsync(store, builder => builder
            .AddWorkflow("stubborn", async (WorkflowContext ctx, Unit _) =>
            {
                try
                {
                    await ctx.WaitForAsync(Never);
                }
                catch (WorkflowCancelledException)
                {
                }
                return "done";
            }));
        var run = await engine.Client.StartAsync("stubborn", default(Unit)).Soon();
        await run.WaitsForAsync("signal");

        await run.CancelAsync().Soon();

        Assert.Equal("done", await run.ResultAsync<string>().Soon());
        Assert.True((await run.GetAsync(RunInclude.Steps)).CancelIgnored);
    }

    [Theory, EveryStore]
    public async Task G13_TerminateEndsARunAtOnceAndLateResultsAreRefused(StoreKind store)
    {
        var probe = new Probe();
        await using var engine = await TestEngine.StartAsync(store, builder => builder
            .AddWorkflow("work", async (WorkflowContext ctx, Unit _) =>
            {
                try
                {
                    return await ctx.ActivityAsync<int>("act");
                }
                finally
                {
                    probe.Note("cleanup");
                }
            })
            .AddActivity("act", async () =>
            {
                await probe.HoldAsync("act");
                return 1;
            }));
        var run = await engine.Client.StartAsync("work", default(Unit)).Soon();
        await probe.ReachedAsync("act");

        Assert.Equal(CancelOutcome.Recorded, await run.TerminateAsync("out of control").Soon());
        Assert.Equal("out of control", (await Assert.ThrowsAsync<RunTerminatedException>(() => run.WaitAsync().Soon())).Reason);
        var events = (await run.GetHistoryAsync()).Count;
        probe.Open("act");
        await engine.PassAsync();

        Assert.Equal(CancelOutcome.AlreadyTerminated, await run.TerminateAsync().Soon());
        Assert.Equal(["act"], probe.Calls);
        Assert.Equal(events, (await run.GetHistoryAsync()).Count);
    }

    [Theory, EveryStore]
    public async Task RetryAsync_ReopensAFailedRunAtItsFailedStep(StoreKind store)
    {
        var probe = new Probe();
        var broken = true;
        await using var engine = await TestEngine.StartAsync(store, builder => builder
            .AddWorkflow("fragile", async (WorkflowContext ctx, Unit _) =>
            {
                var first = await ctx.StepAsync("first", () => probe.NoteAsync("first", 20));
                return first + await ctx.StepAsync("second", () =>
                {
                    probe.Note("second");
                    return Volatile.Read(ref broken) ? throw new NonRetryableException("not today") : Task.FromResult(22);
                });
            }));
        var run = await engine.Client.StartAsync("fragile", default(Unit)).Soon();
        await Assert.ThrowsAsync<RunFailedException>(() => run.WaitAsync().Soon());

        Volatile.Write(ref broken, false);
        await run.RetryAsync().Soon();

        Assert.Equal(42, await run.ResultAsync<int>().Soon());
        Assert.Equal(["first", "second", "second"], probe.Calls);
        Assert.Single(await run.GetHistoryAsync(kinds: [EventKind.RunReset]));
        Assert.Equal(RunStatus.Completed, (await Assert.ThrowsAsync<RunClosedException>(() => run.RetryAsync())).Status);
    }

    [Theory, EveryStore]
    public async Task RetryAsync_ACancelledRunCanBeCancelledAgain(StoreKind store)
    {
        await using var engine = await TestEngine.StartAsync(store, builder => builder
            .AddWorkflow("wait", (WorkflowContext ctx, Unit _) => ctx.WaitForAsync(Never)));
        var run = await engine.Client.StartAsync("wait", default(Unit)).Soon();
        for (var i = 0; i < 3; i++)
        {
            await run.WaitsForAsync("signal");
            await Assert.ThrowsAsync<RunInUseException>(() => run.RetryAsync().Soon());
            Assert.Equal(CancelOutcome.Recorded, await run.CancelAsync("round " + i).Soon());
            Assert.Equal("round " + i, (await Assert.ThrowsAsync<RunCancelledException>(() => run.WaitAsync().Soon())).Reason);
            await run.RetryAsync().Soon();
        }
        await run.SignalAsync(Never, "on").Soon();
        Assert.Equal("on", await run.ResultAsync<string>().Soon());
    }

    [Theory, EveryStore]
    public async Task ResumeAsync_LetsABlockedRunTryAgain(StoreKind kind)
    {
        using var store = new TestStore(kind);
        RunHandle run;
        await using (var old = await TestEngine.StartAsync(store, builder => builder
            .AddWorkflow("change", async (WorkflowContext ctx, Unit _) => await ctx.StepAsync("a", () => Task.FromResult(1)) + await ctx.WaitForAsync(new Signal<int>("go")))))
        {
            run = await old.Client.StartAsync("change", default(Unit)).Soon();
            await run.WaitsForAsync("signal");
            await old.StopAsync();
        }
        await using (var renamed = await TestEngine.StartAsync(store, builder => builder
            .AddWorkflow("change", async (WorkflowContext ctx, Unit _) => await ctx.StepAsync("b", () => Task.FromResult(1)) + await ctx.WaitForAsync(new Signal<int>("go")))))
        {
            await renamed.Client.SignalAsync(run.Id, "go", 41).Soon();
            var handle = renamed.Client.Handle(run.Id);
            await handle.BecomesAsync(RunStatus.Blocked);
            var info = await handle.GetAsync();
            Assert.Equal("NonDeterminism", info.BlockedReason);
            Assert.Contains("\"a\"", info.BlockedDetail, StringComparison.Ordinal);
            Assert.Contains("\"b\"", info.BlockedDetail, StringComparison.Ordinal);
            await renamed.StopAsync();
        }
        await using var back = await TestEngine.StartAsync(store, builder => builder
            .AddWorkflow("change", async (WorkflowContext ctx, Unit _) => await ctx.StepAsync("a", () => Task.FromResult(1)) + await ctx.WaitForAsync(new Signal<int>("go"))));
        var resumed = back.Client.Handle<int>(run.Id);

        Assert.True(await resumed.ResumeAsync().Soon());
        Assert.Equal(42, await resumed.ResultAsync().Soon());
        await Assert.ThrowsAsync<RunClosedException>(() => resumed.ResumeAsync().Soon());
    }

    [Theory, EveryStore]
    public async Task DeleteAsync_TakesAClosedRunWhole_AndRefusesALiveOne(StoreKind store)
    {
        await using var engine = await TestEngine.StartAsync(store, builder => builder
            .AddWorkflow("wait", (WorkflowContext ctx, Unit _) => ctx.WaitForAsync(Never)));
        var run = await engine.Client.StartAsync("wait", default(Unit)).Soon();

        await Assert.ThrowsAsync<RunInUseException>(() => run.DeleteAsync().Soon());
        await run.TerminateAsync().Soon();
        await run.BecomesAsync(RunStatus.Terminated);
        await engine.Client.DeleteAsync(run.Id).Soon();

        await Assert.ThrowsAsync<RunNotFoundException>(() => run.GetAsync().Soon());
        await Assert.ThrowsAsync<RunNotFoundException>(() => run.GetHistoryAsync().Soon());
        await Assert.ThrowsAsync<RunNotFoundException>(() => engine.Client.DeleteAsync(run.Id).Soon());
    }

    [Theory, EveryStore]
    public async Task Cancel_WithAGrace_TerminatesARunWhoseCleanupTakesLonger(StoreKind kind)
    {
        using var store = new TestStore(kind);
        string id;
        await using (var first = await TestEngine.StartAsync(store, Register))
        {
            var run = await first.Client.StartAsync("order", default(Unit)).Soon();
            id = run.Id;
            await run.WaitsForAsync("signal");
            Assert.Equal(CancelOutcome.Recorded, await run.CancelAsync("enough", new() { Grace = TimeSpan.FromSeconds(30), By = "ann" }).Soon());
            await Waiting.UntilAsync(async () => (await run.GetAsync()).WaitingFor is [{ Name: "cleanup" }]);
        }
        // The limit is in the store: whoever takes the run next keeps it.
        await using var second = await TestEngine.StartAsync(store, Register);
        var again = second.Client.Handle(id);
        var cancelledAt = Assert.Single(await again.GetHistoryAsync(kinds: [EventKind.CancelRequested])).Timestamp;
        var error = await Assert.ThrowsAsync<RunTerminatedException>(() => second.TrickleAsync(again.WaitAsync()));
        Assert.Contains("took longer than the 30s", error.Message, StringComparison.Ordinal);
        var info = await again.GetAsync();
        Assert.InRange(info.ClosedAt!.Value - cancelledAt, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(45));
        Assert.Equal("ann", (await again.GetHistoryAsync(kinds: [EventKind.CancelRequested]))[0].Data!.Value.GetProperty("by").GetString());

        static void Register(IPerdureBuilder builder) => builder.AddWorkflow("order", async (WorkflowContext ctx, Unit _) =>
        {
            try
            {
                await ctx.WaitForAsync(Never);
            }
            catch (WorkflowCancelledException)
            {
                await ctx.ShieldAsync(() => ctx.WaitForAsync(new Signal<string>("cleanup")));
                throw;
            }
        });
    }

    [Theory, EveryStore]
    public async Task Cancel_WithAGraceThatIsNotNeeded_EndsAsCancelled(StoreKind store)
    {
        await using var engine = await TestEngine.StartAsync(store, builder => builder.AddWorkflow("order", (WorkflowContext ctx, Unit _) => ctx.WaitForAsync(Never)));
        var run = await engine.Client.StartAsync("order", default(Unit)).Soon();
        await run.WaitsForAsync("signal");
        await run.CancelAsync("enough", new() { Grace = TimeSpan.FromSeconds(30) }).Soon();
        await Assert.ThrowsAsync<RunCancelledException>(() => run.WaitAsync().Soon());
    }
}
