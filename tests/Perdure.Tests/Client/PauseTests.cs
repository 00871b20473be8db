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
}
