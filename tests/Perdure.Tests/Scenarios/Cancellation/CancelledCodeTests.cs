using Microsoft.Extensions.DependencyInjection;
using Perdure.Tests.Engine;

namespace Perdure.Tests.Scenarios.Cancellation;

/// <summary>What code may still do once its run was asked to stop, and what becomes of what it waited for.</summary>
public class CancelledCodeTests
{
    private static readonly Signal<string> Go = new("go");

    [Theory, EveryStore]
    public async Task ACancellation_IsHeardBeforeWhatElseCameWhileNoWorkerWasThere(StoreKind kind)
    {
        using var store = new TestStore(kind);
        void Register(IPerdureBuilder builder) => builder.AddWorkflow("go", static async (WorkflowContext ctx, Unit _) =>
        {
            await ctx.WaitForAsync(Go);
            ctx.StartChild<Unit>("go", default(Unit), new() { Detached = true });
            await ctx.SleepAsync("1d");
        });
        string id;
        await using (var first = await TestEngine.StartAsync(store, Register))
        {
            var run = await first.Client.StartAsync("go", default(Unit)).Soon();
            id = run.Id;
            await run.WaitsForAsync("signal");
            await first.StopAsync();
        }
        await using (var client = TestEngine.ClientOnly(store, Register))
        {
            await client.Client.SignalAsync(id, Go, "go").Soon();
            await client.Client.CancelAsync(id).Soon();
        }
        await using var second = await TestEngine.StartAsync(store, Register);
        await second.TrickleAsync(second.Client.Handle(id).BecomesAsync(RunStatus.Cancelled));

        Assert.DoesNotContain(await second.Client.GetHistoryAsync(id), static e => e.Kind == EventKind.ChildStarted);
    }

    [Theory, EveryStore]
    public async Task G10_WhoCatchesTheCancellationAndGoesOnIsToldAgain(StoreKind kind)
    {
        using var store = new TestStore(kind);
        var probe = new Probe();
        void Register(IPerdureBuilder builder) => builder.AddWorkflow("deaf", async (WorkflowContext ctx, Unit _) =>
        {
            async Task TryAsync(string what, Func<Task> call)
            {
                try
                {
                    await call();
                    probe.Note(what + " done");
                }
                catch (WorkflowCancelledException e)
                {
                    probe.Note($"{what} cancelled: {e.Reason}");
                }
            }
            await TryAsync("wait", () => ctx.WaitForAsync(Go));
            await TryAsync("step", () => ctx.StepAsync("step", () => probe.NoteAsync("step ran", 1)));
            await TryAsync("activity", () => ctx.ActivityAsync<int>("act"));
            await TryAsync("timer", () => ctx.SleepAsync("1s"));
            await ctx.ShieldAsync(() => TryAsync("shielded", () => ctx.StepAsync("cleanup", () => probe.HoldAsync("cleanup"))));
            await ctx.SleepAsync("1s");
            return "never";
        }).AddActivity("act", () => probe.NoteAsync("act ran", 1));
        string[] told = ["wait cancelled: stop", "step cancelled: stop", "activity cancelled: stop", "timer cancelled: stop", "cleanup"];
        string id;
        await using (var first = await TestEngine.StartAsync(store, Register))
        {
            var run = await first.Client.StartAsync("deaf", default(Unit)).Soon();
            id = run.Id;
            await run.WaitsForAsync("signal");
            await run.CancelAsync("stop").Soon();
            await probe.ReachedAsync("cleanup");
            Assert.Equal(told, probe.Calls);
        }
        // The process is gone in the middle of the cleanup: a replay is told the same at the same places.
        probe.Open("cleanup");
        await using var second = await TestEngine.StartAsync(store, Register);
        var handle = second.Client.Handle(id);
        await Assert.ThrowsAsync<RunCancelledException>(() => second.TrickleAsync(handle.WaitAsync()));

        Assert.Equal([.. told, .. told, "shielded done"], probe.Calls);
        Assert.Equal(
            ["workflow_started", "wait_started", "cancel_requested", "wait_cancelled", "step_completed", "workflow_cancelled"],
            (await handle.GetHistoryAsync()).Select(e => e.WireName));
    }

    [Theory, EveryStore]
    public async Task G18_PendingWaitsTimersAndActivitiesCloseWithTheRun(StoreKind store)
    {
        var probe = new Probe();
        await using var engine = await TestEngine.StartAsync(store, builder => builder
            .AddWorkflow("waiting", async (WorkflowContext ctx, Unit _) =>
            {
                var timer = ctx.SleepAsync("1h");
                var signal = ctx.WaitForAsync(Go);
                var limited = ctx.TryWaitForAsync(new Signal<int>("limited"), TimeSpan.FromHours(2));
                var activity = ctx.ActivityAsync<int>("act", options: new() { Queue = "nobody" });
                await Task.WhenAll(timer, signal, limited, activity);
            })
            .AddActivity("act", () => probe.NoteAsync("act", 1)));
        var run = await engine.Client.StartAsync("waiting", default(Unit)).Soon();
        await Waiting.UntilAsync(async () => (await run.GetAsync()).WaitingFor.Count == 4);

        await run.CancelAsync("stop").Soon();
        await Assert.ThrowsAsync<RunCancelledException>(() => engine.TrickleAsync(run.WaitAsync()));

        var history = await run.GetHistoryAsync();
        Assert.Equal(
            ["activity_cancelled", "cancel_requested", "sleep_cancelled", "wait_cancelled", "wait_cancelled", "workflow_cancelled"],
            history.Skip(5).Select(e => e.WireName).Order());
        Assert.Equal("workflow_cancelled", history[^1].WireName);
        var info = await run.GetAsync();
        Assert.Empty(info.WaitingFor);
        Assert.Null(info.DueAt);
        Assert.Equal(RunStatus.Cancelled, (await Assert.ThrowsAsync<RunClosedException>(() => run.SignalAsync(Go, "late").Soon())).Status);
        await Assert.ThrowsAsync<RunClosedException>(() => run.SignalAsync("limited", 1).Soon());
        await engine.AdvanceAsync(TimeSpan.FromHours(3));
        Assert.Equal(history.Count, (await run.GetHistoryAsync()).Count);
        Assert.Empty(probe.Calls);
    }
}
