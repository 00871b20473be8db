using Microsoft.Extensions.DependencyInjection;
using Perdure.Tests.Engine;

namespace Perdure.Tests.Scenarios.Signals;

/// <summary>Waits for several signals at once.</summary>
public class ManySignalsTests
{
    private static readonly Signal<string>[] Eight = [.. Enumerable.Range(0, 8).Select(i => new Signal<string>("name-" + i))];
    private static readonly Signal<string> X = new("x");
    private static readonly Signal<string> Y = new("y");
    private static readonly Signal<string> Z = new("z");

    [Theory, EveryStore]
    public async Task F10_EightSendersAtOnce_LoseNothingAndWakeTheRunOnce(StoreKind kind)
    {
        using var store = new TestStore(kind);
        var probe = new Probe();
        void Register(IPerdureBuilder builder) => builder.AddWorkflow("all", async (WorkflowContext ctx, Unit _) =>
        {
            probe.Note("entered");
            var payloads = await ctx.WhenAllAsync(Eight.Select(signal => ctx.WaitForAsync(signal)));
            probe.Note("woken");
            return string.Join(' ', payloads);
        });
        string id;
        await using (var first = await TestEngine.StartAsync(store, Register))
        {
            var run = await first.Client.StartAsync("all", default(Unit)).Soon();
            id = run.Id;
            await Waiting.UntilAsync(async () => (await run.GetAsync()) is { Status: RunStatus.Suspended, WaitingFor.Count: 8 });
            await first.StopAsync();
        }
        var senders = Eight.Select(_ => TestEngine.ClientOnly(store)).ToArray();
        await Task.WhenAll(senders.Select((sender, i) => Task.Run(() => sender.Client.SignalAsync(id, Eight[i], "payload-" + i)))).Soon();
        foreach (var sender in senders) await sender.DisposeAsync();
        await using var second = await TestEngine.StartAsync(store, Register);

        Assert.Equal(
            "payload-0 payload-1 payload-2 payload-3 payload-4 payload-5 payload-6 payload-7",
            await second.TrickleAsync(second.Client.Handle<string>(id).ResultAsync()));
        // Entered for the waits and, once for all eight, for what came.
        Assert.Equal(["entered", "entered", "woken"], probe.Calls);
        Assert.Equal(8, (await second.Client.GetHistoryAsync(id, kinds: [EventKind.SignalReceived])).Count);
    }

    [Theory, EveryStore]
    public async Task F10_ARunInMemoryGetsAllEightAsWell(StoreKind kind)
    {
        using var store = new TestStore(kind);
        var probe = new Probe();
        await using var engine = await TestEngine.StartAsync(store, builder => builder.AddWorkflow("all", async (WorkflowContext ctx, Unit _) =>
        {
            var payloads = await ctx.WhenAllAsync(Eight.Select(signal => ctx.WaitForAsync(signal)));
            await ctx.StepAsync("woken", () => probe.NoteAsync("woken", 1));
            return payloads;
        }));
        var run = await engine.Client.StartAsync("all", default(Unit)).Soon();
        var senders = Eight.Select((_, i) => i % 2 == 0 ? TestEngine.ClientOnly(store) : null).ToArray();
        await Task.WhenAll(senders.Select((sender, i) => Task.Run(() => (sender ?? engine).Client.SignalAsync(run.Id, Eight[i], "p" + i)))).Soon();
        foreach (var sender in senders) await (sender?.DisposeAsync() ?? ValueTask.CompletedTask);

        Assert.Equal(["p0", "p1", "p2", "p3", "p4", "p5", "p6", "p7"], await engine.TrickleAsync(run.ResultAsync<string[]>()));
        Assert.Equal(["woken"], probe.Calls);
        Assert.Equal(8, (await run.GetHistoryAsync(kinds: [EventKind.SignalReceived, EventKind.SignalConsumed])).Select(e => e.Name).Distinct().Count());
    }

    [Theory, EveryStore]
    public async Task F11_WhatComesBehindTheWinnerIsKeptAndWakesNothing(StoreKind store)
    {
        var probe = new Probe();
        await using var engine = await TestEngine.StartAsync(store, builder => builder.AddWorkflow("any", async (WorkflowContext ctx, Unit _) =>
        {
            var match = await ctx.WaitForAnyAsync([X, Y]);
            probe.Note("woken by " + match.Name);
            return $"{match.Name} {await ctx.WaitForAsync(Z)}";
        }));
        var run = await engine.Client.StartAsync("any", default(Unit)).Soon();
        await run.SignalAsync(X, "1").Soon();
        await Waiting.UntilAsync(async () => (await run.GetAsync()).WaitingFor is [{ Name: "z" }]);

        await run.SignalAsync(Y, "2").Soon();
        await Waiting.UntilAsync(async () => (await run.GetHistoryAsync(kinds: [EventKind.SignalReceived])).Count == 2);
        await engine.PassAsync();

        Assert.Equal(["woken by x"], probe.Calls);
        Assert.Equal(RunStatus.Suspended, await run.StatusAsync());
        await run.SignalAsync(Z, "3").Soon();
        Assert.Equal("x 3", await engine.TrickleAsync(run.ResultAsync<string>()));
        Assert.Equal(["woken by x"], probe.Calls);
        Assert.Equal([("y", "2")], (await run.GetAsync(RunInclude.Signals)).PendingSignals!.Select(signal => (signal.Name, signal.Payload.GetString()!)));
    }

    [Theory, EveryStore]
    public async Task F10_WaitForAll_KeepsAllEightAndWakesOnce(StoreKind store)
    {
        var probe = new Probe();
        await using var engine = await TestEngine.StartAsync(store, builder => builder.AddWorkflow("all", async (WorkflowContext ctx, Unit _) =>
        {
            var matches = await ctx.WaitForAllAsync(Eight);
            await ctx.StepAsync("woken", () => probe.NoteAsync("woken", 1));
            return string.Join(' ', Eight.Select(signal => matches.Get(signal)));
        }));
        var run = await engine.Client.StartAsync("all", default(Unit)).Soon();
        await Task.WhenAll(Eight.Select((signal, i) => Task.Run(() => engine.Client.SignalAsync(run.Id, signal, "p" + i)))).Soon();

        Assert.Equal("p0 p1 p2 p3 p4 p5 p6 p7", await engine.TrickleAsync(run.ResultAsync<string>()));
        Assert.Equal(["woken"], probe.Calls);
    }

    [Theory, EveryStore]
    public async Task WaitForAll_WhenTheLimitPasses_TellsWhatCameAndConsumesIt(StoreKind store)
    {
        await using var engine = await TestEngine.StartAsync(store, builder => builder.AddWorkflow("all", async (WorkflowContext ctx, Unit _) =>
        {
            var matches = await ctx.WaitForAllAsync([X, Y, Z], TimeSpan.FromMinutes(1));
            return $"{matches.IsComplete} {string.Join(' ', matches.Statuses.Select(s => $"{s.Key}:{s.Value}"))} {string.Join(' ', matches.Payloads)} {matches.TryGet(X, out var _)}";
        }));
        var run = await engine.Client.StartAsync("all", default(Unit)).Soon();
        await Waiting.UntilAsync(async () => (await run.GetAsync()).WaitingFor.Count == 3);
        await run.SignalAsync(Y, "early").Soon();
        await Waiting.UntilAsync(async () => (await run.GetAsync()).WaitingFor.Count == 2);
        engine.Clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal("False x:TimedOut y:Received z:TimedOut [y, early] False", await engine.TrickleAsync(run.ResultAsync<string>()));
        Assert.Empty((await run.GetAsync(RunInclude.Signals)).PendingSignals!);
    }

    [Theory, EveryStore]
    public async Task WaitForAll_LosesARace_GivesUpAllItsWaits(StoreKind store)
    {
        await using var engine = await TestEngine.StartAsync(store, builder => builder.AddWorkflow("race", async (WorkflowContext ctx, Unit _) =>
        {
            var index = await ctx.WhenAnyAsync([ctx.WaitForAllAsync([X, Y]), ctx.WaitForAsync(Z)], cancelLosers: true);
            return $"{index} {await ctx.WaitForAsync(Y)}";
        }));
        var run = await engine.Client.StartAsync("race", default(Unit)).Soon();
        await Waiting.UntilAsync(async () => (await run.GetAsync()).WaitingFor.Count == 3);
        await run.SignalAsync(Z, "z").Soon();
        await Waiting.UntilAsync(async () => (await run.GetAsync()).WaitingFor is [{ Name: "y" }]);
        await run.SignalAsync(Y, "later").Soon();

        Assert.Equal("1 later", await engine.TrickleAsync(run.ResultAsync<string>()));
    }

    [Theory, EveryStore]
    public async Task PeekAndDrain_ShowTheSameInTheNextLifeOfTheRun(StoreKind kind)
    {
        using var store = new TestStore(kind);
        void Register(IPerdureBuilder builder) => builder.AddWorkflow("drain", async (WorkflowContext ctx, Unit _) =>
        {
            var before = ctx.TryPeek(X, out var none) ? none : "nothing";
            await ctx.WaitForAsync(Z);
            var seen = ctx.TryPeek(X, out var oldest) ? oldest : "nothing";
            var drained = string.Join('+', await ctx.DrainAsync(X));
            var empty = (await ctx.DrainAsync(X)).Count;
            var rest = await ctx.WaitForAsync(Y);
            return $"{before} {seen} {drained} {empty} {rest}";
        });
        string id;
        await using (var first = await TestEngine.StartAsync(store, Register))
        {
            var run = await first.Client.StartAsync("drain", default(Unit)).Soon();
            id = run.Id;
            await run.WaitsForAsync("signal");
            foreach (var payload in new[] { "1", "2", "3" }) await run.SignalAsync(X, payload).Soon();
            await run.SignalAsync(Z, "go").Soon();
            await Waiting.UntilAsync(async () => (await run.GetAsync()).WaitingFor is [{ Name: "y" }]);
            await run.SignalAsync(X, "late").Soon();
            await first.StopAsync();
        }
        await using var second = await TestEngine.StartAsync(store, Register);
        var handle = second.Client.Handle<string>(id);
        await handle.SignalAsync(Y, "end").Soon();

        Assert.Equal("nothing 1 1+2+3 0 end", await second.TrickleAsync(handle.ResultAsync()));
        Assert.Equal(["late"], (await handle.GetAsync(RunInclude.Signals)).PendingSignals!.Select(signal => signal.Payload.GetString()!));
        Assert.Equal([null, "1"], (await handle.GetHistoryAsync(kinds: [EventKind.SignalPeeked])).Select(e => e.Data?.GetString()));
    }
}
