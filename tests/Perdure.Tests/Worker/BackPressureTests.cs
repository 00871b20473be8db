using Microsoft.Extensions.DependencyInjection;
using Perdure.Storage;
using Perdure.Tests.Engine;

namespace Perdure.Tests.Worker;

/// <summary>A worker that is full takes no more: starts go to the store, and wait there.</summary>
public class BackPressureTests
{
    private static readonly WorkflowDefinition<int, int> Work = new("work");

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
        var runs = new List<RunHandle<int>>();
        for (var i = 0; i < 2; i++) runs.Add(await engine.Client.StartAsync(Work, i).Soon());
        for (var i = 0; i < 2; i++) await engine.TrickleAsync(probe.ReachedAsync("hold " + i));
        Assert.Equal(0, engine.Lifeline.CountOf(nameof(IPerdureStore.StartRunsAsync)));

        for (var i = 2; i < 5; i++) runs.Add(await engine.Client.StartAsync(Work, i).Soon());
        Assert.Equal(3, engine.Lifeline.CountOf(nameof(IPerdureStore.StartRunsAsync)));
        for (var i = 2; i < 5; i++) Assert.Equal(RunStatus.Pending, await runs[i].StatusAsync());
        Assert.Equal(2, probe.Calls.Length);

        for (var i = 0; i < 5; i++) probe.Open("hold " + i);
        for (var i = 0; i < 5; i++) Assert.Equal(i, await engine.TrickleAsync(runs[i].ResultAsync()));
    }
}
