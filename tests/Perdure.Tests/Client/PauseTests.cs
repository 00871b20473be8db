using Microsoft.Extensions.DependencyInjection;
using Perdure.Tests.Engine;

namespace Perdure.Tests.Client;

/// <summary>Letting runs stand still, and go on.</summary>
public class PauseTests
{
    private static readonly Signal<string> Go = new("go");

    [Theory, EveryStore]
    public async Task F21_ASignalToAPausedRun_IsKeptAndDeliveredAfterItIsResumed(StoreKind store)
    {
        await using var engine = await TestEngine.StartAsync(store, builder => builder.AddWorkflow("order", async (WorkflowContext ctx, Unit _) => await ctx.WaitForAsync(Go)));
        var run = await engine.Client.StartAsync("order", default(Unit)).Soon();
        await run.WaitsForAsync("signal");

        Assert.True(await run.PauseAsync().Soon());
        await Waiting.UntilAsync(async () => (await run.GetAsync()).Status == RunStatus.Paused);
        Assert.False(await run.PauseAsync().Soon());
        await run.SignalAsync(Go, "now").Soon();
        var paused = await run.GetAsync();
        Assert.Equal((RunStatus.Paused, "go"), (paused.Status, Assert.Single(paused.WaitingFor).Name));

        Assert.True(await run.ResumeAsync().Soon());
        Assert.Equal("now", await run.ResultAsync<string>().Soon());
        Assert.Equal(
            ["workflow_started", "wait_started", "run_paused", "run_resumed", "signal_received", "workflow_completed"],
            (await run.GetHistoryAsync()).Select(e => e.WireName));
        await Assert.ThrowsAsync<RunClosedException>(() => run.PauseAsync().Soon());
    }

    [Theory, EveryStore]
    public async Task Pause_WhileStepsRun_LetsTheRunningOneFinishAndBeginsNoOther(StoreKind store)
    {
        var (begun, enough) = (0, false);
        await using var engine = await TestEngine.StartAsync(store, builder => builder.AddWorkflow("order", async (WorkflowContext ctx, Unit _) =>
        {
            while (!await ctx.StepAsync("more", async () =>
            {
                Interlocked.Increment(ref begun);
                await Task.Yield();
                return Volatile.Read(ref enough);
            }))
            {
            }
            return "enough";
        }));
        var run = await engine.Client.StartAsync("order", default(Unit)).Soon();
        await Waiting.UntilAsync(() => Task.FromResult(Volatile.Read(ref begun) > 3));
        Assert.True(await run.PauseAsync().Soon());

        await Waiting.UntilAsync(async () => (await run.GetAsync()).Status == RunStatus.Paused);
        var recorded = await run.GetHistoryAsync(kinds: [EventKind.StepCompleted]);
        Assert.Equal(recorded.Count, Volatile.Read(ref begun));
        Volatile.Write(ref enough, true);
        Assert.True(await run.ResumeAsync().Soon());
        Assert.Equal("enough", await run.ResultAsync<string>().Soon());
        Assert.Equal(recorded.Count + 1, begun);
    }

    [Theory, EveryStore]
    public async Task Cancel_OfAPausedRun_LetsItsCleanupRun(StoreKind store)
    {
        var probe = new Probe();
        await using var engine = await TestEngine.StartAsync(store, builder => builder.AddWorkflow("order", async (WorkflowContext ctx, Unit _) =>
        {
            try
            {
                return await ctx.WaitForAsync(Go);
            }
            catch (WorkflowCancelledException)
            {
                await ctx.ShieldAsync(() => ctx.StepAsync("undo", () => probe.NoteAsync("undo", 1)));
                throw;
            }
        }));
        var run = await engine.Client.StartAsync("order", default(Unit)).Soon();
        await run.WaitsForAsync("signal");
        await run.PauseAsync().Soon();
        await Waiting.UntilAsync(async () => (await run.GetAsync()).Status == RunStatus.Paused);

        Assert.Equal(CancelOutcome.Recorded, await run.CancelAsync().Soon());
        await Assert.ThrowsAsync<RunCancelledException>(() => run.WaitAsync().Soon());
        Assert.Equal(["undo"], probe.Calls);
    }

    [Theory, EveryStore]
    public async Task Pause_OfARunThatNobodyHasTaken_KeepsItsCodeFromBeingEntered(StoreKind kind)
    {
        using var store = new TestStore(kind);
        var probe = new Probe();
        void Workflow(IPerdureBuilder builder) =>
            builder.AddWorkflow("order", (WorkflowContext ctx, Unit _) => ctx.StepAsync("a", () => probe.NoteAsync("a", 1)));
        await using var engine = await TestEngine.StartAsync(store, Workflow);
        var run = await engine.Client.StartAsync("order", default(Unit), new() { Delay = TimeSpan.FromHours(1) }).Soon();
        Assert.True(await run.PauseAsync().Soon());
        await Waiting.UntilAsync(async () => (await run.GetAsync()).Status == RunStatus.Paused);

        await run.TerminateAsync().Soon();
        await Assert.ThrowsAsync<RunTerminatedException>(() => run.WaitAsync().Soon());
        Assert.Empty(probe.Calls);
    }

    [Theory, EveryStore]
    public async Task Pause_ThatInterrupts_StopsTheStepThatRuns_AndItsAttemptBeginsAnewWhenTheRunGoesOn(StoreKind store)
    {
        var (probe, attempts) = (new Probe(), new List<int>());
        await using var engine = await TestEngine.StartAsync(store, builder => builder.AddWorkflow("order", (WorkflowContext ctx, Unit _) => ctx.StepAsync("long", async (StepInfo info, CancellationToken ct) =>
        {
            lock (attempts) attempts.Add(info.Attempt);
            await probe.HoldAsync("begun", ct);
            return "done";
        }, new() { Retry = RetryPolicy.None })));
        var run = await engine.Client.StartAsync("order", default(Unit)).Soon();
        await probe.ReachedAsync("begun");

        Assert.True(await run.PauseAsync(new() { Interrupt = true, Reason = "the supplier is down", By = "ann" }).Soon());
        await Waiting.UntilAsync(async () => (await run.GetAsync()).Status == RunStatus.Paused);
        var paused = Assert.Single(await run.GetHistoryAsync(kinds: [EventKind.RunPaused])).Data!.Value;
        Assert.Equal(("the supplier is down", "ann", true), (paused.GetProperty("reason").GetString(), paused.GetProperty("by").GetString(), paused.GetProperty("interrupt").GetBoolean()));

        probe.Open("begun");
        await run.ResumeAsync().Soon();
        Assert.Equal("done", await run.ResultAsync<string>().Soon());
        Assert.Equal([1, 1], attempts);
        Assert.Equal(["workflow_started", "run_paused", "run_resumed", "step_completed", "workflow_completed"], (await run.GetHistoryAsync()).Select(e => e.WireName));
    }

    [Theory, EveryStore]
    public async Task Pause_ThatInterrupts_DropsWhatAStepThatIgnoresItStillReturns(StoreKind store)
    {
        var probe = new Probe();
        await using var engine = await TestEngine.StartAsync(store, builder => builder.AddWorkflow("order", (WorkflowContext ctx, Unit _) => ctx.StepAsync("long", async () =>
        {
            var time = probe.Count("time") + 1;
            probe.Note("time");
            if (time == 1) await probe.HoldAsync("deaf");
            probe.Note($"returned {time}");
            return time;
        })));
        var run = await engine.Client.StartAsync("order", default(Unit)).Soon();
        await probe.ReachedAsync("deaf");
        await run.PauseAsync(new() { Interrupt = true }).Soon();
        await Waiting.UntilAsync(async () => (await run.GetAsync()).Status == RunStatus.Paused);
        probe.Open("deaf");
        await probe.ReachedAsync("returned 1");

        await run.ResumeAsync().Soon();
        Assert.Equal(2, await run.ResultAsync<int>().Soon());
    }

    [Theory, EveryStore]
    public async Task Pause_ThatInterrupts_WaitsForAStepThatRunsAtMostOnce_AndForNoOther(StoreKind store)
    {
        var probe = new Probe();
        await using var engine = await TestEngine.StartAsync(store, builder => builder.AddWorkflow("order", async (WorkflowContext ctx, Unit _) =>
        {
            var pay = ctx.StepAsync("pay", async () =>
            {
                await probe.HoldAsync("pay");
                return "paid";
            }, new() { Mode = StepMode.AtMostOnce });
            var mail = ctx.StepAsync("mail", async (CancellationToken ct) =>
            {
                await probe.HoldAsync("mail", ct);
                return "sent";
            });
            return $"{await pay}, {await mail}";
        }));
        var run = await engine.Client.StartAsync("order", default(Unit)).Soon();
        await probe.ReachedAsync("pay");
        await probe.ReachedAsync("mail");
        // Whoever was content to wait is not any longer.
        await run.PauseAsync().Soon();
        await run.PauseAsync(new() { Interrupt = true }).Soon();
        probe.Open("pay");
        await Waiting.UntilAsync(async () => (await run.GetAsync()).Status == RunStatus.Paused);
        probe.Open("mail");
        await run.ResumeAsync().Soon();

        Assert.Equal("paid, sent", await run.ResultAsync<string>().Soon());
        Assert.Equal((1, 2), (probe.Count("pay"), probe.Count("mail")));
    }

    [Fact]
    public void Options_ThatMakeNoSense_AreRefusedByName()
    {
        Assert.Equal("PauseOptions.By", Assert.Throws<InvalidOptionException>(() => new PauseOptions { By = new string('x', 256) }.Validate()).Option);
        Assert.Equal("CancelOptions.By", Assert.Throws<InvalidOptionException>(() => new CancelOptions { By = "" }.Validate()).Option);
        Assert.Equal("CancelOptions.Grace", Assert.Throws<InvalidOptionException>(() => new CancelOptions { Grace = TimeSpan.FromSeconds(-1) }.Validate()).Option);
    }
}
