using Microsoft.Extensions.DependencyInjection;
using Perdure.Tests.Engine;

namespace Perdure.Tests.Scenarios.Queues;

/// <summary>Who is served next, and what is served at the same time.</summary>
public class QueueOrderTests
{
    [Theory, EveryStore]
    public async Task M16_ARunOfPriorityTenIsServedBeforeAThousandOfPriorityZero(StoreKind kind)
    {
        using var store = new TestStore(kind);
        var probe = new Probe();
        void Register(IPerdureBuilder builder) => builder.AddWorkflow("note", (WorkflowContext ctx, string name) => ctx.StepAsync("note", () => probe.NoteAsync(name, 0)));
        await using var starter = TestEngine.ClientOnly(store, Register);
        for (var i = 0; i < 1000; i += 50)
            await Task.WhenAll(Enumerable.Range(i, 50).Select(number => starter.Client.StartAsync("note", "low", new() { Id = "low-" + number }))).Soon();
        await starter.Client.StartAsync("note", "high", new() { Priority = 10 }).Soon();

        await using var engine = await TestEngine.StartAsync(store, Register, o => o.MaxResidentRuns = 1);
        await probe.ReachedAsync("low");

        Assert.Equal("high", probe.Calls[0]);
    }

    [Theory, EveryStore(SeveralWorkers = true)]
    public async Task M16_AnActivityOfPriorityTenIsServedBeforeAThousandOfPriorityZero(StoreKind kind)
    {
        using var store = new TestStore(kind);
        var probe = new Probe();
        await using var engine = await TestEngine.StartAsync(store, builder => builder.AddWorkflow("fan", async (WorkflowContext ctx, Unit _) =>
        {
            var low = Enumerable.Range(0, 1000).Select(_ => ctx.ActivityAsync<int>("act", "low", new() { Queue = "slow" })).ToArray();
            var high = ctx.ActivityAsync<int>("act", "high", new() { Queue = "slow", Priority = 10 });
            await Task.WhenAll([.. low, high]);
        }).AddActivity("act", (string name) => probe.NoteAsync("wrong worker", 0)));
        var run = await engine.Client.StartAsync("fan", default(Unit)).Soon();
        await Waiting.UntilAsync(async () => (await run.GetAsync()).WaitingFor.Count == 1001);

        await using var worker = await TestEngine.StartAsync(store, builder => builder.AddActivity("act", (string name) => probe.NoteAsync(name, 0)),
            o => o.Queue("slow", maxConcurrency: 1));
        await probe.ReachedAsync("low");

        Assert.Equal("high", probe.Calls[0]);
    }

    [Theory, EveryStore]
    public async Task I1_ThreeActivitiesOfOneSecondTakeOneSecondWithThreeSlots(StoreKind store)
    {
        var probe = new Probe();
        await using var engine = await TestEngine.StartAsync(store, builder => builder
            .AddWorkflow("three", async (WorkflowContext ctx, Unit _) =>
            {
                var a = ctx.StartActivity<string>("work", "a");
                var b = ctx.StartActivity<string>("work", "b");
                var c = ctx.StartActivity<string>("work", "c");
                return $"{await c.ResultAsync()} {await a.ResultAsync()} {await b.ResultAsync()}";
            })
            .AddActivity("work", async (string name, TimeProvider clock, CancellationToken ct) =>
            {
                var second = Task.Delay(TimeSpan.FromSeconds(1), clock, ct);
                probe.Note(name);
                await second;
                return name.ToUpperInvariant();
            }), o => o.Queue("default", maxConcurrency: 3));
        var run = await engine.Client.StartAsync("three", default(Unit)).Soon();
        foreach (var name in new[] { "a", "b", "c" }) await probe.ReachedAsync(name);

        // All three have begun before any time has passed, so one second is enough for them.
        engine.Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal("C A B", await engine.TrickleAsync(run.ResultAsync<string>()));
        var history = await run.GetHistoryAsync();
        Assert.InRange((history[^1].Timestamp - history[0].Timestamp).TotalSeconds, 1, 1.9);
    }
}
