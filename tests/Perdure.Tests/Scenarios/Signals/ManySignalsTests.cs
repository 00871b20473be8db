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
}
