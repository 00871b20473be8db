using Microsoft.Extensions.DependencyInjection;
using Perdure.Tests.Engine;

namespace Perdure.Tests.Scenarios.Watching;

/// <summary>Following a run from outside: its events and what it publishes, in order, from the process that drives it and from another.</summary>
public class WatchTests
{
    private static readonly Signal<string> Go = new("go");
    private static readonly Published<int> Stage = new("stage");

    private static void Register(IPerdureBuilder builder) => builder
        .AddWorkflow("stages", static async (WorkflowContext ctx, int count) =>
        {
            ctx.Publish(Stage, 0);
            for (var i = 1; i <= count; i++)
            {
                await ctx.WaitForAsync(Go);
                ctx.Publish(new Published<string>("other"), "no");
                ctx.Publish(Stage, i);
            }
            return count;
        })
        .AddWorkflow("again", static async (WorkflowContext ctx, int round) =>
        {
            ctx.Publish(Stage, round);
            await ctx.WaitForAsync(Go);
            return round == 3 ? round : await ctx.ContinueAsNewAsync<int>(round + 1);
        });

    [Theory, EveryStore]
    public async Task Watch_State_GivesTheLastValue_ThenEachFurtherOne_AndEndsWithTheRun(StoreKind kind)
    {
        using var store = new TestStore(kind);
        await using var engine = await TestEngine.StartAsync(store, Register);
        await using var elsewhere = TestEngine.ClientOnly(store);
        var run = await engine.Client.StartAsync("stages", 4).Soon();
        await run.WaitsForAsync("signal");
        await run.SignalAsync(Go, "1").Soon();
        await Waiting.UntilAsync(async () => await run.ReadAsync(Stage) == 1);

        await using var here = run.WatchAsync(Stage).GetAsyncEnumerator();
        await using var there = elsewhere.Client.WatchAsync(run.Id, Stage).GetAsyncEnumerator();
        for (var stage = 1; stage <= 4; stage++)
        {
            Assert.True(await engine.TrickleAsync(here.MoveNextAsync().AsTask()));
            Assert.True(await engine.TrickleAsync(there.MoveNextAsync().AsTask()));
            Assert.Equal((stage, stage), (here.Current, there.Current));
            if (stage < 4) await run.SignalAsync(Go, "next").Soon();
        }
        Assert.False(await engine.TrickleAsync(here.MoveNextAsync().AsTask()));
        Assert.False(await engine.TrickleAsync(there.MoveNextAsync().AsTask()));
    }

    [Theory, EveryStore]
    public async Task Watch_Events_IsTheHistory_AndGoesOnBehindTheLastOneSeen(StoreKind kind)
    {
        using var store = new TestStore(kind);
        await using var engine = await TestEngine.StartAsync(store, Register);
        await using var elsewhere = TestEngine.ClientOnly(store);
        var run = await engine.Client.StartAsync("stages", 2).Soon();
        await run.WaitsForAsync("signal");
        var seen = new List<HistoryEvent>();
        await foreach (var e in elsewhere.Client.WatchAsync(run.Id))
        {
            seen.Add(e);
            if (seen.Count == 2) break;
        }
        var rest = Task.Run(async () =>
        {
            await foreach (var e in elsewhere.Client.WatchAsync(run.Id, seen[^1].Sequence + 1)) seen.Add(e);
        });
        await run.SignalAsync(Go, "1").Soon();
        await run.SignalAsync(Go, "2").Soon();
        await engine.TrickleAsync(rest);

        var history = await run.GetHistoryAsync();
        Assert.Equal(history.Select(static e => (e.Sequence, e.Kind)), seen.Select(static e => (e.Sequence, e.Kind)));
        Assert.Equal(EventKind.WorkflowCompleted, seen[^1].Kind);
        // One that has ended is given at once.
        Assert.Equal([EventKind.WorkflowCompleted], (await engine.TrickleAsync(ToListAsync(run.WatchAsync(history[^1].Sequence)))).Select(static e => e.Kind));
    }

    [Theory, EveryStore]
    public async Task Watch_State_OfARunThatGoesOnAsNew_FollowsIt(StoreKind store)
    {
        await using var engine = await TestEngine.StartAsync(store, Register);
        var run = await engine.Client.StartAsync("again", 1).Soon();
        var values = ToListAsync(run.WatchAsync(Stage));
        for (var i = 1; i <= 3; i++) await run.SignalAsync(Go, "on").Soon();
        Assert.Equal([1, 2, 3], await engine.TrickleAsync(values));
    }

    [Theory, EveryStore]
    public async Task Watch_OfNoRun_OrCancelled_EndsWithItsException(StoreKind store)
    {
        await using var engine = await TestEngine.StartAsync(store, Register);
        await Assert.ThrowsAsync<RunNotFoundException>(() => ToListAsync(engine.Client.WatchAsync("nobody")).Soon());
        Assert.Throws<InvalidOptionException>(() => engine.Client.WatchAsync("nobody", -1));
        var run = await engine.Client.StartAsync("stages", 1).Soon();
        using var stop = new CancellationTokenSource();
        var values = ToListAsync(run.WatchAsync(Stage, stop.Token));
        await run.WaitsForAsync("signal");
        stop.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => values.Soon());
    }

    private static async Task<List<T>> ToListAsync<T>(IAsyncEnumerable<T> stream)
    {
        var items = new List<T>();
        await foreach (var item in stream) items.Add(item);
        return items;
    }
}
