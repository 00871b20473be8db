using Microsoft.Extensions.DependencyInjection;
using Perdure.Tests.Engine;

namespace Perdure.Tests.Scenarios.Queues;

/// <summary>How many runs of a queue one worker has in its hands, whatever the others do.</summary>
public class RunsPerQueueTests
{
    private static readonly WorkflowDefinition<string, string> Hold = new("hold");

    [Theory, EveryStore(SeveralWorkers = true)]
    public async Task I17_TwoWorkersHaveTwoRunsOfTheQueueEach_AndServeAll(StoreKind kind)
    {
        using var store = new TestStore(kind);
        var (probe, one, two) = (new Probe(), new Meter(), new Meter());
        await using var first = await TestEngine.StartAsync(store, builder => AddHold(builder, probe, one), o => o.Queue("slow", maxRuns: 2).Queue("default"));
        await using var second = await TestEngine.StartAsync(store, builder => AddHold(builder, probe, two), o => o.Queue("slow", maxRuns: 2).Queue("default"));

        List<RunHandle<string>> runs = [];
        for (var i = 0; i < 12; i++) runs.Add(await (i % 2 == 0 ? first : second).Client.StartAsync(Hold, "slow", new() { Queue = "slow" }).Soon());
        await first.TrickleAsync(probe.ReachedAsync("slow", 4));
        // Another queue of the same workers is served as ever.
        var other = await first.Client.StartAsync(Hold, "other").Soon();
        await probe.ReachedAsync("other");
        await first.PassAsync();
        await second.PassAsync();
        Assert.Equal(4, probe.Count("slow"));

        probe.Open("slow");
        probe.Open("other");
        foreach (var run in runs) await first.TrickleAsync(run.ResultAsync());
        await first.TrickleAsync(other.ResultAsync());
        Assert.Equal((2, 2), (one.MostOf("slow"), two.MostOf("slow")));
    }

    [Theory, EveryStore]
    public async Task I17_ManyRunsOfManyTurns_TheWorkerNeverHasMoreThanItsLimit(StoreKind store)
    {
        var meter = new Meter();
        await using var engine = await TestEngine.StartAsync(store, builder => builder.AddWorkflow(Hold, async (ctx, key) =>
        {
            for (var i = 0; i < 3; i++)
            {
                await ctx.StepAsync("body", async () =>
                {
                    using (meter.Enter()) await Task.Yield();
                });
                // It only waits here: it leaves, and comes again through the queue.
                await ctx.SleepAsync(TimeSpan.FromMilliseconds(1));
            }
            return key;
        }), o => o.Queue("slow", maxRuns: 3).Queue("default"));

        var all = Enumerable.Range(0, 40).Select(async i => await engine.Client.RunAsync(Hold, $"{i}", new() { Queue = "slow" })).ToArray();
        await engine.TrickleAsync(Task.WhenAll(all));

        Assert.InRange(meter.Most, 1, 3);
    }

    [Theory, EveryStore]
    public async Task ARunThatOnlyWaits_LeavesItsSlotToOthers(StoreKind store)
    {
        var probe = new Probe();
        await using var engine = await TestEngine.StartAsync(store, builder => builder
            .AddWorkflow("wait", async (WorkflowContext ctx, string name) =>
            {
                await ctx.StepAsync("before", () => probe.NoteAsync("before " + name, 0));
                await ctx.WaitForAsync(new Signal<int>("go"));
                return await ctx.StepAsync("after", () => probe.NoteAsync("after " + name, 0));
            }), o => o.Queue("one", maxRuns: 1).Queue("default"));

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
    public async Task ARunThatExpiresInTheQueueOfAFullWorker_EndsAllTheSame(StoreKind store)
    {
        var (probe, meter) = (new Probe(), new Meter());
        await using var engine = await TestEngine.StartAsync(store, builder => AddHold(builder, probe, meter), o => o.Queue("slow", maxRuns: 1).Queue("default"));
        var first = await engine.Client.StartAsync(Hold, "slow", new() { Queue = "slow" }).Soon();
        await probe.ReachedAsync("slow");
        var late = await engine.Client.StartAsync(Hold, "late", new() { Queue = "slow", StartWithin = TimeSpan.FromSeconds(1) }).Soon();

        await engine.TrickleAsync(late.BecomesAsync(RunStatus.TimedOut));
        probe.Open("slow");
        Assert.Equal("slow", await engine.TrickleAsync(first.ResultAsync()));
        Assert.Equal(0, probe.Count("late"));
    }

    private static void AddHold(IPerdureBuilder builder, Probe probe, Meter meter) => builder.AddWorkflow(Hold, (ctx, name) => ctx.StepAsync("body", async ct =>
    {
        using (meter.Enter(name)) await probe.HoldAsync(name, ct);
        return name;
    }));
}
