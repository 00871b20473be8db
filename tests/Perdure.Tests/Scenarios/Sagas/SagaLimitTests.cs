using Microsoft.Extensions.DependencyInjection;
using Perdure.Tests.Engine;

namespace Perdure.Tests.Scenarios.Sagas;

/// <summary>Sagas whose run runs out of time, or loses its worker while it undoes.</summary>
public class SagaLimitTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    [Theory]
    [EveryStore(true)]
    [EveryStore(false)]
    public async Task J10_ARunThatRunsOutOfTime_IsUndone_UnlessItIsToldNotTo(StoreKind store, bool undoes)
    {
        var probe = new Probe();
        await using var engine = await TestEngine.StartAsync(store, builder => builder.AddWorkflow("trip", (WorkflowContext ctx, Unit _) => ctx.SagaAsync(async saga =>
        {
            var room = await ctx.StepAsync("room", () => probe.NoteAsync("book room", "room-7"));
            saga.OnFailure("cancel-room", () => probe.NoteAsync("undo " + room, 1));
            var car = await ctx.StepAsync("car", () => probe.NoteAsync("book car", "car-7"));
            saga.OnFailure("cancel-car", () => probe.NoteAsync("undo " + car, 1));
            await ctx.SleepAsync("1h");
        }, undoes ? null : new() { CompensateOnCancel = false })));
        var run = await engine.Client.StartAsync("trip", default(Unit), new() { RunTimeout = Limit }).Soon();
        await Assert.ThrowsAsync<RunTimedOutException>(() => engine.TrickleAsync(run.WaitAsync()));

        Assert.Equal(undoes ? ["book room", "book car", "undo car-7", "undo room-7"] : ["book room", "book car"], probe.Calls);
        var info = await run.GetAsync(RunInclude.Steps);
        Assert.Equal((RunStatus.TimedOut, undoes), (info.Status, info.Compensated));
        Assert.Equal(undoes ? ["car", "room"] : [], (info.Compensations ?? []).Select(static undo => undo.Step));
    }

    [Theory, EveryStore]
    public async Task J10_ARunThatRunsOutOfTime_AndWhoseUndoTakesLongerThanItsGrace_IsTimedOutAndNotUndone(StoreKind store)
    {
        var probe = new Probe();
        await using var engine = await TestEngine.StartAsync(store, builder => builder.AddWorkflow("trip", (WorkflowContext ctx, Unit _) => ctx.SagaAsync(async saga =>
        {
            await ctx.StepAsync("room", () => probe.NoteAsync("book room", 1));
            saga.OnFailure("cancel-room", (CancellationToken ct) => probe.HoldAsync("undo", ct));
            await ctx.SleepAsync("1h");
        })));
        var run = await engine.Client.StartAsync("trip", default(Unit), new() { RunTimeout = Limit }).Soon();
        await Assert.ThrowsAsync<RunTimedOutException>(() => engine.TrickleAsync(run.WaitAsync()));

        Assert.Equal(["book room", "undo"], probe.Calls);
        var info = await run.GetAsync();
        Assert.Equal((RunStatus.TimedOut, false), (info.Status, info.Compensated));
        var history = await run.GetHistoryAsync();
        Assert.True(history[^1].Timestamp - history[0].Timestamp >= Limit + PerdureDefaults.TimeoutGrace);
    }

    [Theory, EveryStore]
    public async Task J12_AnUndoWhoseRecordIsLostWithItsWorker_IsRepeatedUnderTheSameKey(StoreKind kind)
    {
        using var store = new TestStore(kind);
        var probe = new Probe();
        Lifeline? lifeline = null;
        void Register(IPerdureBuilder builder) => builder.AddWorkflow("trip", (WorkflowContext ctx, Unit _) => ctx.SagaAsync(async saga =>
        {
            await ctx.StepAsync("room", (StepInfo info) => probe.NoteAsync($"book {info.IdempotencyKey}", 1));
            saga.OnFailure("cancel-room", (StepInfo info) =>
            {
                probe.Note($"undo {info.IdempotencyKey}");
                probe.Note($"attempt {info.Attempt}");
                // It has taken effect; that it has, nobody will read.
                if (info.Attempt == 1) lifeline!.Cut();
                return Task.CompletedTask;
            });
            throw new WorkflowFailureException("no-flight", "none left");
        }));
        var first = await TestEngine.StartMortalAsync(store, Register);
        lifeline = first.Lifeline;
        var id = (await first.Client.StartAsync("trip", default(Unit)).Soon()).Id;
        await first.TrickleAsync(probe.ReachedAsync("attempt 1"));
        await first.KillAsync();

        await using var second = await TestEngine.StartAsync(store, Register);
        var failure = await Assert.ThrowsAsync<RunFailedException>(() => second.TrickleAsync(second.Client.Handle(id).WaitAsync()));
        Assert.Equal(("no-flight", true), (failure.ErrorCode, failure.Compensated));
        Assert.Equal(["attempt 1", "attempt 2"], probe.Calls.Where(static call => call.StartsWith("attempt", StringComparison.Ordinal)));
        var undos = probe.Calls.Where(static call => call.StartsWith("undo", StringComparison.Ordinal)).ToArray();
        Assert.Equal((2, undos[0]), (undos.Length, undos[1]));
        // The step that it undoes has another.
        Assert.Equal(0, probe.Count(undos[0].Replace("undo", "book", StringComparison.Ordinal)));
    }
}
