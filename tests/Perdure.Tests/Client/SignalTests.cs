using Microsoft.Extensions.DependencyInjection;
using Perdure.Tests.Engine;

namespace Perdure.Tests.Client;

/// <summary>Signals: buffered, in order, each once; to live runs only.</summary>
public class SignalTests
{
    private static readonly Signal<string> Letter = new("letter");
    private static readonly Signal<int> Number = new("number");

    private static void Register(IPerdureBuilder builder) => builder
        .AddWorkflow("letters", async (WorkflowContext ctx, int count) =>
        {
            var letters = "";
            for (var i = 0; i < count; i++) letters += await ctx.WaitForAsync(Letter);
            return letters;
        })
        .AddWorkflow("limited", async (WorkflowContext ctx, Unit _) =>
        {
            var first = await ctx.WaitForAsync(Letter, TimeSpan.FromMinutes(1));
            var second = await ctx.TryWaitForAsync(Number, TimeSpan.FromMinutes(1));
            return $"{first ?? "none"} {second}";
        })
        .AddWorkflow("any", async (WorkflowContext ctx, Unit _) =>
        {
            var match = await ctx.WaitForAnyAsync([Letter, Number]);
            return match.Is(Number, out var number) ? number : -1;
        });

    [Theory, EveryStore]
    public async Task F1_ASignalSentBeforeTheFirstPickupIsWaitingAtTheWait(StoreKind kind)
    {
        using var store = new TestStore(kind);
        await using var client = TestEngine.ClientOnly(store, Register);
        var early = await client.Client.StartAsync("letters", 1).Soon();
        await early.SignalAsync(Letter, "a").Soon();

        await using var engine = await TestEngine.StartAsync(store, Register);

        Assert.Equal("a", await engine.Client.Handle<string>(early.Id).ResultAsync().Soon());
        Assert.Single(await early.GetHistoryAsync(kinds: [EventKind.SignalReceived]));
    }

    [Theory, EveryStore]
    public async Task F2_SignalsOfOneNameAreTakenInTheOrderOfSending(StoreKind store)
    {
        await using var engine = await TestEngine.StartAsync(store, Register);
        var run = await engine.Client.StartAsync("letters", 3).Soon();

        foreach (var letter in new[] { "a", "b", "c" }) await run.SignalAsync(Letter, letter).Soon();

        Assert.Equal("abc", await run.ResultAsync<string>().Soon());
    }

    [Theory, EveryStore]
    public async Task F3_WhatNobodyTookStaysListedAsUnconsumed(StoreKind kind)
    {
        using var store = new TestStore(kind);
        await using var client = TestEngine.ClientOnly(store, Register);
        var run = await client.Client.StartAsync("letters", 1).Soon();
        await run.SignalAsync(Letter, "a", messageId: "m1").Soon();
        await run.SignalAsync(Letter, "b", messageId: "m2").Soon();
        await run.SignalAsync(Number, 3).Soon();

        await using var engine = await TestEngine.StartAsync(store, Register);
        Assert.Equal("a", await engine.Client.Handle<string>(run.Id).ResultAsync().Soon());

        var pending = (await run.GetAsync(RunInclude.Signals)).PendingSignals!;
        Assert.Equal([("letter", "b", "m2"), ("number", "3", pending[1].MessageId)], pending.Select(s => (s.Name, s.Payload.ToString(), s.MessageId)));
    }

    [Theory, EveryStore]
    public async Task F6_OneMessageIdIsAcceptedOnce_WithoutOneEveryCallCounts(StoreKind store)
    {
        await using var engine = await TestEngine.StartAsync(store, Register);
        var run = await engine.Client.StartAsync("letters", 4).Soon();

        await run.SignalAsync(Letter, "a", messageId: "m").Soon();
        await run.SignalAsync(Letter, "x", messageId: "m").Soon();
        await run.SignalAsync(Letter, "b").Soon();
        await run.SignalAsync(Letter, "b").Soon();
        await run.SignalAsync(Letter, "y", messageId: "m").Soon();
        await run.SignalAsync(Letter, "c", messageId: "n").Soon();

        Assert.Equal("abbc", await run.ResultAsync<string>().Soon());
        Assert.Equal(4, (await run.GetHistoryAsync(kinds: [EventKind.SignalReceived])).Count);
        await Assert.ThrowsAsync<InvalidOptionException>(() => run.SignalAsync(Letter, "z", messageId: "_engine"));
    }

    [Theory, EveryStore]
    public async Task F6_ARepeatedMessageIdIsStillKnownAfterTheRunHasEnded(StoreKind store)
    {
        await using var engine = await TestEngine.StartAsync(store, Register);
        var run = await engine.Client.StartAsync("letters", 1).Soon();
        await run.SignalAsync(Letter, "a", messageId: "m").Soon();
        Assert.Equal("a", await run.ResultAsync<string>().Soon());

        await run.SignalAsync(Letter, "a", messageId: "m").Soon();
        var refused = await Assert.ThrowsAsync<RunClosedException>(() => run.SignalAsync(Letter, "a", messageId: "other").Soon());
        Assert.Equal(RunStatus.Completed, refused.Status);
        await Assert.ThrowsAsync<RunClosedException>(() => run.SignalAsync(Letter, "a").Soon());
        Assert.Single(await run.GetHistoryAsync(kinds: [EventKind.SignalReceived]));
    }

    [Theory, EveryStore]
    public async Task F6_ARepeatedMessageIdThatWasNeverReadIsStillKnownAfterTheRunHasEnded(StoreKind kind)
    {
        using var store = new TestStore(kind);
        await using var client = TestEngine.ClientOnly(store, Register);
        var run = await client.Client.StartAsync("letters", 1).Soon();
        await run.SignalAsync(Letter, "a", messageId: "m").Soon();
        await run.TerminateAsync("enough").Soon();
        await using var engine = await TestEngine.StartAsync(store, Register);
        await run.BecomesAsync(RunStatus.Terminated);

        await run.SignalAsync(Letter, "a", messageId: "m").Soon();
        await Assert.ThrowsAsync<RunClosedException>(() => run.SignalAsync(Letter, "a", messageId: "other").Soon());
        Assert.Equal(CancelOutcome.AlreadyTerminated, await run.TerminateAsync("again").Soon());
    }

    [Theory, EveryStore]
    public async Task F13_AClosedOrUnknownRunTakesNothing(StoreKind store)
    {
        await using var engine = await TestEngine.StartAsync(store, Register);
        var completed = await engine.Client.StartAsync("letters", 0).Soon();
        await completed.WaitAsync().Soon();
        var cancelled = await engine.Client.StartAsync("letters", 1).Soon();
        await cancelled.CancelAsync();
        await cancelled.BecomesAsync(RunStatus.Cancelled);
        var events = (await completed.GetHistoryAsync()).Count;

        var closed = await Assert.ThrowsAsync<RunClosedException>(() => completed.SignalAsync(Letter, "a").Soon());
        Assert.Equal((completed.Id, RunStatus.Completed), (closed.RunId, closed.Status));
        Assert.Equal(RunStatus.Cancelled, (await Assert.ThrowsAsync<RunClosedException>(() => cancelled.SignalAsync(Letter, "a").Soon())).Status);
        await Assert.ThrowsAsync<RunNotFoundException>(() => engine.Client.SignalAsync("nobody", Letter, "a").Soon());

        Assert.Equal(events, (await completed.GetHistoryAsync()).Count);
        Assert.Empty((await cancelled.GetAsync(RunInclude.Signals)).PendingSignals!);
    }

    [Theory, EveryStore]
    public async Task F8_ATimeoutWithNullReturnsNullOnceAndALateSignalStaysBuffered(StoreKind store)
    {
        await using var engine = await TestEngine.StartAsync(store, Register);
        var run = await engine.Client.StartAsync("limited", default(Unit)).Soon();
        var wait = await run.WaitsForAsync("signal");
        Assert.Equal(("letter", engine.Clock.GetUtcNow() + TimeSpan.FromMinutes(1)), (wait.Name, wait.Due));

        engine.Clock.Advance(TimeSpan.FromMinutes(1));
        await engine.TrickleAsync(Waiting.UntilAsync(async () => (await run.GetAsync()).WaitingFor is [{ Name: "number" }]));
        await run.SignalAsync(Letter, "late").Soon();
        await run.SignalAsync(Number, 5).Soon();

        Assert.Equal("none Received { IsReceived = True, Value = 5 }", await run.ResultAsync<string>().Soon());
        Assert.Equal(["late"], (await run.GetAsync(RunInclude.Signals)).PendingSignals!.Select(s => s.Payload.GetString()!));
    }

    [Theory, EveryStore]
    public async Task WaitForAny_TakesTheFirstOfAnyType(StoreKind store)
    {
        await using var engine = await TestEngine.StartAsync(store, Register);
        var run = await engine.Client.StartAsync("any", default(Unit)).Soon();

        await run.SignalAsync("number", 42).Soon();

        Assert.Equal(42, await run.ResultAsync<int>().Soon());
    }

    [Theory, EveryStore]
    public async Task ASignalThatBlocksTheRunInItsOwnTurn_IsAcknowledgedAtOnce(StoreKind store)
    {
        await using var engine = await TestEngine.StartAsync(store, builder => builder
            .AddWorkflow("wait", (WorkflowContext ctx, Unit _) => ctx.WaitForAsync(new Signal<int>("number"))));
        var run = await engine.Client.StartAsync("wait", default(Unit)).Soon();
        await run.WaitsForAsync("signal");

        await run.SignalAsync("number", "many").Soon();

        await run.BecomesAsync(RunStatus.Blocked);
        Assert.Single(await run.GetHistoryAsync(kinds: [EventKind.SignalReceived]));
    }
}
