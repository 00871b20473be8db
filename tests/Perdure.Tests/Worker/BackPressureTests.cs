using Microsoft.Extensions.DependencyInjection;
using Perdure.Storage;
using Perdure.Tests.Engine;

namespace Perdure.Tests.Worker;

/// <summary>A worker that is full takes no more: starts go to the store, and wait there.</summary>
public class BackPressureTests
{
    private static readonly WorkflowDefinition<int, int> Work = new("work");
    private static readonly WorkflowDefinition<int, int> Wait = new("wait");

    [Theory, EveryStore]
    public async Task StartAtAWorkerWithoutRoom_IsOneTransactionOfItsOwn_AndWaitsInTheStore(StoreKind kind)
    {
        using var store = new TestStore(kind);
        var probe = new Probe();
        await using var engine = await TestEngine.StartMortalAsync(store, builder => builder.AddWorkflow(Work, (ctx, n) => ctx.StepAsync("hold", async () =>
        {
            await probe.HoldAsync("hold " + n);
            return n;
        })), static o => o.MaxResidentRuns = 2);
        // As long as the worker has not registered, starts go to the store as well.
        await engine.PassAsync();
        var before = engine.Lifeline.CountOf(nameof(IPerdureStore.StartRunsAsync));
        var runs = new List<RunHandle<int>>();
        for (var i = 0; i < 2; i++) runs.Add(await engine.Client.StartAsync(Work, i).Soon());
        Assert.Equal(before, engine.Lifeline.CountOf(nameof(IPerdureStore.StartRunsAsync)));
        for (var i = 0; i < 2; i++) await engine.TrickleAsync(probe.ReachedAsync("hold " + i));
        // On a slow machine the trickle may have started runs of its own, for which there is no room either.
        before = engine.Lifeline.CountOf(nameof(IPerdureStore.StartRunsAsync));

        for (var i = 2; i < 5; i++) runs.Add(await engine.Client.StartAsync(Work, i).Soon());
        Assert.Equal(before + 3, engine.Lifeline.CountOf(nameof(IPerdureStore.StartRunsAsync)));
        for (var i = 2; i < 5; i++) Assert.Equal(RunStatus.Pending, await runs[i].StatusAsync());
        Assert.Equal(2, probe.Calls.Length);

        for (var i = 0; i < 5; i++) probe.Open("hold " + i);
        for (var i = 0; i < 5; i++) Assert.Equal(i, await engine.TrickleAsync(runs[i].ResultAsync()));
    }

    [Theory, EveryStore]
    public async Task FullWorker_GivesBackWhatHasWaitedForLongest_SoThatADueRunGetsIn(StoreKind kind)
    {
        using var store = new TestStore(kind);
        await using var engine = await StartAsync(store);
        var runs = new List<RunHandle>();
        for (var i = 0; i < 3; i++)
        {
            runs.Add(await engine.Client.StartAsync(Wait, i).Soon());
            await runs[i].WaitsForAsync("signal");
            engine.Clock.Advance(TimeSpan.FromMilliseconds(1));
        }
        Assert.Equal("here here here", await WhereAsync(engine, runs));

        // No time passes: it does not wait until the others have been here for long enough.
        Assert.Equal(7, await engine.Client.RunAsync(Work, 7).Soon());
        Assert.Equal("away here here", await WhereAsync(engine, runs));

        // What was given back goes on like any other.
        foreach (var run in runs) await run.SignalAsync("go", 1).Soon();
        foreach (var run in runs) Assert.Equal(1, await engine.TrickleAsync(run.ResultAsync<int>()));
    }

    [Theory, EveryStore]
    public async Task FullWorker_WithNothingDue_KeepsWhatWaits(StoreKind kind)
    {
        using var store = new TestStore(kind);
        await using var engine = await StartAsync(store);
        var runs = new List<RunHandle>();
        for (var i = 0; i < 3; i++)
        {
            runs.Add(await engine.Client.StartAsync(Wait, i).Soon());
            await runs[i].WaitsForAsync("signal");
        }
        var later = await engine.Client.StartAsync(Work, 1, new() { Delay = TimeSpan.FromHours(1) }).Soon();

        for (var claims = engine.Lifeline.CountOf(nameof(IPerdureStore.ClaimRunsAsync)); engine.Lifeline.CountOf(nameof(IPerdureStore.ClaimRunsAsync)) < claims + 5; await Task.Delay(1))
        {
            engine.Store.Wakeups.Wake();
            engine.Clock.Advance(TimeSpan.FromMilliseconds(10));
        }
        Assert.Equal("here here here", await WhereAsync(engine, runs));
        Assert.Equal(RunStatus.Pending, await later.StatusAsync().Soon());
    }

    /// <summary>A worker with room for three runs, which keeps them for a day.</summary>
    private static Task<TestEngine> StartAsync(TestStore store) => TestEngine.StartMortalAsync(
        store, builder => builder.AddWorkflow(Wait, static (ctx, _) => ctx.WaitForAsync(new Signal<int>("go"))).AddWorkflow(Work, static (ctx, n) => ctx.StepAsync("work", () => Task.FromResult(n))),
        static o => (o.MaxResidentRuns, o.KeepWarm) = (3, TimeSpan.FromDays(1)));

    private static async Task<string> WhereAsync(TestEngine engine, List<RunHandle> runs)
    {
        var places = new List<string>();
        foreach (var run in runs) places.Add((await engine.Store.ReadRunAsync(new RunSelector(run.Id), default).Soon())!.Owner == 0 ? "away" : "here");
        return string.Join(' ', places);
    }
}
