using Microsoft.Extensions.DependencyInjection;
using Perdure.Tests.Engine;

namespace Perdure.Tests.Scenarios.Queues;

/// <summary>How much of a queue is worked on at once, whoever works on it.</summary>
public class QueueLimitTests
{
    private static readonly WorkflowDefinition<string, int> Hold = new("hold");

    [Theory, EveryStore]
    public async Task I17_ALimitedQueueWorksOnTwoRunsAtOnceAndServesAll(StoreKind store)
    {
        var (probe, meter) = (new Probe(), new Meter());
        await using var engine = await TestEngine.StartAsync(store, builder => AddHold(builder, probe, meter), o => o.Queue("slow").Queue("default"));
        await engine.Client.Queues.ConfigureAsync("slow", new() { MaxConcurrency = 2 }).Soon();

        var runs = await StartAsync(engine, "slow", 6);
        await probe.ReachedAsync("body", 2);
        await engine.PassAsync();
        Assert.Equal(2, probe.Count("body"));
        var queue = await engine.Client.Queues.GetAsync("slow").Soon();
        Assert.Equal((2, 4, 2), (queue.MaxConcurrency, queue.WaitingRuns, queue.ActiveRuns));
        var explained = await engine.Client.ExplainAsync(runs[5].Id).Soon();
        Assert.Contains("is full: 2 of at most 2", explained.Reasons[0].Text, StringComparison.Ordinal);

        probe.Open("body");
        foreach (var run in runs) await engine.TrickleAsync(run.ResultAsync<int>());
        Assert.Equal(2, meter.Most);
    }

    [Theory, EveryStore]
    public async Task I17_ARunThatOnlyWaitsLeavesItsSlotToOthers(StoreKind store)
    {
        var probe = new Probe();
        await using var engine = await TestEngine.StartAsync(store, builder => builder
            .AddWorkflow("wait", async (WorkflowContext ctx, string name) =>
            {
                await ctx.StepAsync("before", () => probe.NoteAsync("before " + name, 0));
                await ctx.WaitForAsync(new Signal<int>("go"));
                return await ctx.StepAsync("after", () => probe.NoteAsync("after " + name, 0));
            }), o => o.Queue("one").Queue("default"));
        await engine.Client.Queues.ConfigureAsync("one", new() { MaxConcurrency = 1 }).Soon();

        var a = await engine.Client.StartAsync("wait", "a", new() { Queue = "one" }).Soon();
        var b = await engine.Client.StartAsync("wait", "b", new() { Queue = "one" }).Soon();
        await probe.ReachedAsync("before a");
        await engine.TrickleAsync(probe.ReachedAsync("before b"));
        await b.SignalAsync("go", 1).Soon();
        await engine.TrickleAsync(b.ResultAsync<int>());
        await a.SignalAsync("go", 1).Soon();
        await engine.TrickleAsync(a.ResultAsync<int>());
    }

    [Theory, EveryStore]
    public async Task I17_ActivitiesOfALimitedQueueRunOneAtATimeAlsoWhereTheyAreCalled(StoreKind store)
    {
        var meter = new Meter();
        await using var engine = await TestEngine.StartAsync(store, builder => builder
            .AddWorkflow("fan", async (WorkflowContext ctx, int count) =>
            {
                var all = Enumerable.Range(0, count).Select(i => ctx.ActivityAsync<int>("work", i, new() { Queue = "slow" })).ToArray();
                return (await Task.WhenAll(all)).Sum();
            })
            .AddActivity("work", async (int i) =>
            {
                using (meter.Enter()) await Task.Yield();
                return i;
            }), o => o.Queue("slow", maxConcurrency: 8).Queue("default"));
        await engine.Client.Queues.ConfigureAsync("slow", new() { MaxConcurrency = 1 }).Soon();

        Assert.Equal(45, await engine.TrickleAsync(engine.Client.RunAsync<int, int>(new("fan"), 10)));
        Assert.Equal(1, meter.Most);
    }

    [Theory, EveryStore]
    public async Task I17_ALimitThatIsSetWhileWorkIsUnderWayHoldsFromThenOn(StoreKind store)
    {
        var (probe, meter) = (new Probe(), new Meter());
        await using var engine = await TestEngine.StartAsync(store, builder => AddHold(builder, probe, meter), o => o.Queue("slow").Queue("default"));
        var runs = await StartAsync(engine, "slow", 3);
        await probe.ReachedAsync("body", 3);
        // What runs goes on, and counts: nothing more begins below a lowered limit.
        await engine.Client.Queues.ConfigureAsync("slow", new() { MaxConcurrency = 1 }).Soon();
        runs.AddRange(await StartAsync(engine, "slow", 3));
        await engine.PassAsync();
        Assert.Equal(3, probe.Count("body"));

        await engine.Client.Queues.ConfigureAsync("slow", new() { MaxConcurrency = 0 }).Soon();
        await engine.TrickleAsync(probe.ReachedAsync("body", 6));
        probe.Open("body");
        foreach (var run in runs) await engine.TrickleAsync(run.ResultAsync<int>());
    }

    [Theory, EveryStore(SeveralWorkers = true)]
    public async Task M17_AKeyHasTwoRunsAtOnceOverThreeWorkers(StoreKind kind)
    {
        using var store = new TestStore(kind);
        var (probe, meter) = (new Probe(), new Meter());
        await using var first = await TestEngine.StartAsync(store, builder => AddHold(builder, probe, meter), o => o.Queue("slow").Queue("default"));
        await using var second = await TestEngine.StartAsync(store, builder => AddHold(builder, probe, meter), o => o.Queue("slow").Queue("default"));
        await using var third = await TestEngine.StartAsync(store, builder => AddHold(builder, probe, meter), o => o.Queue("slow").Queue("default"));
        await first.Client.Queues.ConfigureAsync("slow", new() { MaxPerKey = 2 }).Soon();

        List<RunHandle> runs = [];
        for (var i = 0; i < 6; i++)
            runs.Add(await (i % 2 == 0 ? first : second).Client.StartAsync(Hold, "tenant", new() { Queue = "slow", ConcurrencyKey = "tenant" }).Soon());
        runs.Add(await third.Client.StartAsync(Hold, "other", new() { Queue = "slow", ConcurrencyKey = "another" }).Soon());
        await first.TrickleAsync(probe.ReachedAsync("body", 3));
        await first.PassAsync();
        Assert.Equal(3, probe.Count("body"));

        probe.Open("body");
        foreach (var run in runs) await first.TrickleAsync(run.ResultAsync<int>());
        Assert.Equal(2, meter.MostOf("tenant"));
    }

    private static void AddHold(IPerdureBuilder builder, Probe probe, Meter meter) => builder.AddWorkflow(Hold, (ctx, key) => ctx.StepAsync("body", async ct =>
    {
        using (meter.Enter(key)) await probe.HoldAsync("body", ct);
        return 1;
    }));

    private static async Task<List<RunHandle>> StartAsync(TestEngine engine, string queue, int count)
    {
        List<RunHandle> runs = [];
        for (var i = 0; i < count; i++) runs.Add(await engine.Client.StartAsync(Hold, "any", new() { Queue = queue }).Soon());
        return runs;
    }
}
