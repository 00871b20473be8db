using Microsoft.Extensions.DependencyInjection;
using Perdure.Storage;
using Perdure.Storage.Memory;
using Perdure.Tests.Engine;

namespace Perdure.Tests.Worker;

/// <summary>When a worker asks its store for work, and when not.</summary>
public class ClaimingTests
{
    private static readonly WorkflowDefinition<int, int> Work = new("work");

    [Fact]
    public async Task QueueThatIsFullBesideOneThatIsFree_IsNotAskedForAgainAndAgain()
    {
        var claims = 0;
        var probe = new Probe();
        using var store = new TestStore(StoreKind.Memory)
        {
            Wrap = inner => StoreSpy.On(inner, call =>
            {
                if (call == nameof(IPerdureStore.ClaimTasksAsync)) Interlocked.Increment(ref claims);
            }),
        };
        await using var engine = await TestEngine.StartAsync(store, builder => builder
            .AddActivity("hold", async (int number) =>
            {
                await probe.HoldAsync("hold");
                return number;
            })
            .AddWorkflow(Work, (ctx, number) => ctx.ActivityAsync<int>("hold", number, new ActivityOptions { Queue = "narrow" })),
            options =>
            {
                options.Queues[PerdureDefaults.Queue] = 5;
                options.Queues["narrow"] = 1;
            });
        var runs = new List<RunHandle<int>>();
        for (var i = 0; i < 3; i++) runs.Add(await engine.Client.StartAsync(Work, i).Soon());
        await probe.ReachedAsync("hold");

        var before = Volatile.Read(ref claims);
        for (var i = 0; i < 20; i++) await engine.PassAsync();
        Assert.InRange(Volatile.Read(ref claims) - before, 0, 60);

        probe.Open("hold");
        foreach (var run in runs) Assert.InRange(await engine.TrickleAsync(run.ResultAsync()), 0, 2);
    }

    [Fact]
    public async Task RunsThatLostTheirWorkerAgainAndAgain_AreTakenOneAfterTheOtherWithoutAskingInBetween()
    {
        var claims = 0;
        var probe = new Probe();
        MemoryStore? memory = null;
        using var store = new TestStore(StoreKind.Memory)
        {
            Wrap = inner =>
            {
                memory = (MemoryStore)inner;
                return StoreSpy.On(inner, call =>
                {
                    if (call == nameof(IPerdureStore.ClaimRunsAsync)) Interlocked.Increment(ref claims);
                });
            },
        };
        List<string> ids = [];
        await using (var client = TestEngine.ClientOnly(store))
            for (var i = 0; i < 3; i++) ids.Add((await client.Client.StartAsync(Work, i).Soon()).Id);
        for (var i = 0; i < 2; i++)
        {
            var worker = (await memory!.RegisterWorkerAsync(new(Guid.NewGuid(), "lost", 1, TimeSpan.FromSeconds(1)), default)).Worker;
            Assert.Equal(3, (await memory.ClaimRunsAsync(new(new(worker, 0, 1, 0), [PerdureDefaults.Queue], 10, 10), default)).Runs.Count);
            store.Clock.Advance(TimeSpan.FromSeconds(2));
            await memory.FenceDeadWorkersAsync(10, default);
        }
        // Behind their second loss they wait.
        store.Clock.Advance(TimeSpan.FromSeconds(1));

        await using var engine = await TestEngine.StartAsync(store, builder => builder.AddWorkflow(Work, (ctx, number) => ctx.StepAsync("hold", async () =>
        {
            await probe.HoldAsync("hold " + number);
            return number;
        })));
        await Waiting.UntilAsync(() => Enumerable.Range(0, 3).Sum(i => probe.Count("hold " + i)) == 1);
        var before = Volatile.Read(ref claims);
        for (var i = 0; i < 20; i++) await engine.PassAsync();
        Assert.InRange(Volatile.Read(ref claims) - before, 0, 60);
        Assert.Equal(1, Enumerable.Range(0, 3).Sum(i => probe.Count("hold " + i)));

        for (var i = 0; i < 3; i++) probe.Open("hold " + i);
        foreach (var id in ids) await engine.TrickleAsync(engine.Client.Handle<int>(id).ResultAsync());
    }
}
