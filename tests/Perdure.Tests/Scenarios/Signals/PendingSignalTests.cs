using Microsoft.Extensions.DependencyInjection;
using Perdure.Storage;
using Perdure.Tests.Engine;

namespace Perdure.Tests.Scenarios.Signals;

/// <summary>How many signals a run may leave untaken, and starts that bring a signal along.</summary>
public class PendingSignalTests
{
    private static readonly WorkflowDefinition<int, string> Cart = new("cart");
    private static readonly Signal<string> Item = new("item");
    private static readonly Signal<string> Done = new("done");

    private static void Register(IPerdureBuilder builder) => builder
        .AddWorkflow(Cart, static async (ctx, input) => $"{input} {await ctx.WaitForAsync(Item)} {await ctx.WaitForAsync(Item)}")
        .AddWorkflow("hoard", static async (WorkflowContext ctx, Unit _) =>
        {
            await ctx.WaitForAsync(Done, TimeSpan.FromMinutes(1));
            var taken = (await ctx.DrainAsync(Item)).Count;
            await ctx.WaitForAsync(Done);
            return taken;
        });

    [Theory, EveryStore]
    public async Task ARunThatTakesNothing_RefusesSignalsAtTheLimitUntilItHasTakenSome(StoreKind store)
    {
        await using var engine = await TestEngine.StartAsync(store, Register);
        var run = await engine.Client.StartAsync("hoard", default(Unit)).Soon();
        await run.WaitsForAsync("signal");
        var many = Enumerable.Range(0, PerdureDefaults.MaxPendingSignals - 1)
            .Select(i => new OutgoingMessage { RunId = run.Id, Id = $"m{i}", Kind = MessageKind.Signal, Name = "item", Payload = "\"x\""u8.ToArray() }).ToList();
        Assert.All(await engine.Store.PostMessagesAsync(many, default).Soon(), outcome => Assert.Equal(PostVerdict.Accepted, outcome.Verdict));
        await run.SignalAsync(Item, "last").Soon();

        // Whether they are still in its inbox or in its memory.
        var refused = await Assert.ThrowsAsync<TooManySignalsException>(() => run.SignalAsync(Item, "one too many").Soon());
        Assert.Equal((run.Id, ErrorCodes.TooManySignals), (refused.RunId, refused.Code));
        await Waiting.UntilAsync(async () => (await run.GetHistoryAsync(kinds: [EventKind.SignalReceived])).Count == PerdureDefaults.MaxPendingSignals);
        await Assert.ThrowsAsync<TooManySignalsException>(() => run.SignalAsync(Item, "one too many").Soon());

        engine.Clock.Advance(TimeSpan.FromMinutes(1));
        await engine.TrickleAsync(Waiting.UntilAsync(async () => (await run.GetAsync()).WaitingFor is [{ Name: "done", Due: null }]));
        await run.SignalAsync(Done, "").Soon();
        Assert.Equal(PerdureDefaults.MaxPendingSignals, await engine.TrickleAsync(run.ResultAsync<int>()));
    }

    [Theory, EveryStore]
    public async Task TheCountIsRightAgain_AfterTheRunHasMovedToAnotherWorker(StoreKind kind)
    {
        using var store = new TestStore(kind);
        string id;
        await using (var first = await TestEngine.StartAsync(store, Register))
        {
            var run = await first.Client.StartAsync("hoard", default(Unit)).Soon();
            id = run.Id;
            await run.WaitsForAsync("signal");
            for (var i = 0; i < 3; i++) await run.SignalAsync(Item, $"{i}").Soon();
            await first.StopAsync();
        }
        await using (var client = TestEngine.ClientOnly(store)) await client.Client.SignalAsync(id, Item, "3").Soon();
        await using var second = await TestEngine.StartAsync(store, Register);
        var handle = second.Client.Handle<int>(id);
        await Waiting.UntilAsync(async () => (await handle.GetHistoryAsync(kinds: [EventKind.SignalReceived])).Count == 4);
        Assert.Equal(4, (await second.Store.ReadRunAsync(new RunSelector(Id: id), default))!.Signals);

        await handle.SignalAsync(Done, "").Soon();
        await Waiting.UntilAsync(async () => (await handle.GetAsync()).WaitingFor is [{ Name: "done", Due: null }]);
        Assert.Equal(0, (await second.Store.ReadRunAsync(new RunSelector(Id: id), default))!.Signals);
        await handle.SignalAsync(Done, "").Soon();
        Assert.Equal(4, await second.TrickleAsync(handle.ResultAsync()));
    }

    [Theory, EveryStore]
    public async Task F23_AStartWithASignal_MakesTheRunOnceAndThenOnlySignals(StoreKind store)
    {
        await using var engine = await TestEngine.StartAsync(store, Register);
        var first = await engine.Client.SignalWithStartAsync(Cart, 1, Item, "a", new() { Key = "ann" }).Soon();
        var second = await engine.Client.SignalWithStartAsync("cart", 2, "item", "b", new() { Key = "ann" }).Soon();

        Assert.Equal((true, false, first.Id), (first.WasCreated, second.WasCreated, second.Id));
        Assert.Equal("1 a b", await first.ResultAsync().Soon());
        var closed = await Assert.ThrowsAsync<RunClosedException>(() => engine.Client.SignalWithStartAsync(Cart, 1, Item, "c", new() { Key = "ann" }).Soon());
        Assert.Equal(first.Id, closed.RunId);
        await Assert.ThrowsAsync<AlreadyExistsException>(() => engine.Client.SignalWithStartAsync(Cart, 1, Item, "c", new() { Key = "ann", OnConflict = ConflictPolicy.Fail }).Soon());
        await Assert.ThrowsAsync<InvalidOptionException>(() => engine.Client.SignalWithStartAsync(Cart, 1, Item, "c", new StartOptions()));
    }

    [Theory, EveryStore]
    public async Task F23_ManyAtOnce_MakeOneRunThatGetsAllSignals(StoreKind kind)
    {
        using var store = new TestStore(kind);
        await using var engine = await TestEngine.StartAsync(store, builder => builder.AddWorkflow(Cart, static async (ctx, _) =>
        {
            var items = new List<string>();
            for (var i = 0; i < 8; i++) items.Add(await ctx.WaitForAsync(Item));
            return string.Join(' ', items.Order(StringComparer.Ordinal));
        }));
        await using var client = TestEngine.ClientOnly(store);
        var runs = await Task.WhenAll(Enumerable.Range(0, 8).Select(i =>
            Task.Run(() => (i % 2 == 0 ? engine : client).Client.SignalWithStartAsync(Cart, i, Item, $"i{i}", new() { Key = "k" })))).Soon();

        Assert.Single(runs.Select(run => run.Id).Distinct());
        Assert.Single(runs, run => run.WasCreated);
        Assert.Equal("i0 i1 i2 i3 i4 i5 i6 i7", await engine.TrickleAsync(runs[0].ResultAsync()));
    }
}
