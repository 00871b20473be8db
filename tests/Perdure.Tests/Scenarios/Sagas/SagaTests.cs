using Microsoft.Extensions.DependencyInjection;
using Perdure.Tests.Engine;

namespace Perdure.Tests.Scenarios.Sagas;

/// <summary>What is done as a whole or undone.</summary>
public class SagaTests
{
    private const string NoFlight = "The step 'flight' failed after 1 attempt: none left";

    private static readonly RetryPolicy Once = new() { MaxAttempts = 1 };

    [Theory, EveryStore]
    public async Task J6_AFailureUndoesWhatWasDone_NewestFirst(StoreKind store)
    {
        var probe = new Probe();
        await using var engine = await TestEngine.StartAsync(store, builder => builder.AddWorkflow("trip", (WorkflowContext ctx, Unit _) => TripAsync(ctx, probe)));
        var run = await engine.Client.StartAsync("trip", default(Unit)).Soon();
        var failure = await Assert.ThrowsAsync<RunFailedException>(() => run.WaitAsync()).Soon();

        Assert.Equal(("no-flight", NoFlight, true), (failure.ErrorCode, failure.ErrorMessage, failure.Compensated));
        Assert.Equal(["book room", "book car", "book flight", "undo car-7", "undo room-7"], probe.Calls);
        var info = await run.GetAsync(RunInclude.Steps);
        Assert.Equal((RunStatus.Failed, true, "no-flight"), (info.Status, info.Compensated, info.Error!.Code));
        Assert.Equal(
            [("car", "cancel-car", CompensationStatus.Completed, 1), ("room", "cancel-room", CompensationStatus.Completed, 1)],
            info.Compensations!.Select(undo => (undo.Step!, undo.Undo, undo.Status, undo.Attempts)));
        Assert.Equal(
            [("room", false, null), ("car", false, null), ("flight", false, null), ("cancel-car", true, "car"), ("cancel-room", true, "room")],
            info.Steps!.Select(step => (step.Name, step.IsCompensation, step.CompensationFor)));
        Assert.Equal(
            ["workflow_started", "step_completed", "step_completed", "step_failed", "compensation_started", "step_completed", "step_completed", "compensation_completed", "workflow_failed"],
            (await run.GetHistoryAsync()).Select(e => e.WireName));
    }

    [Theory, EveryStore]
    public async Task J7_AnUndoThatFailsForGoodDoesNotKeepTheOthersFromRunning(StoreKind store)
    {
        var probe = new Probe();
        await using var engine = await TestEngine.StartAsync(store, builder => builder.AddWorkflow("trip", (WorkflowContext ctx, Unit _) => TripAsync(ctx, probe, stuck: "car-7")));
        var run = await engine.Client.StartAsync("trip", default(Unit)).Soon();
        var failure = await Assert.ThrowsAsync<RunCompensationFailedException>(() => engine.TrickleAsync(run.WaitAsync()));

        Assert.Equal((ErrorCodes.CompensationFailed, "no-flight", NoFlight), (failure.Code, failure.ErrorCode, failure.ErrorMessage));
        Assert.Equal(["book room", "book car", "book flight", "undo car-7", "undo car-7", "undo car-7", "undo room-7"], probe.Calls);
        var info = await run.GetAsync(RunInclude.Steps);
        Assert.Equal((RunStatus.CompensationFailed, false, "no-flight"), (info.Status, info.Compensated, info.Error!.Code));
        Assert.Equal(
            [("cancel-car", CompensationStatus.Failed, 3, "stuck"), ("cancel-room", CompensationStatus.Completed, 1, null)],
            info.Compensations!.Select(undo => (undo.Undo, undo.Status, undo.Attempts, undo.Error?.Message)));
        Assert.Equal(CancelOutcome.AlreadyCompensationFailed, await run.CancelAsync("too late").Soon());
    }

    [Theory, EveryStore]
    public async Task J7_ARunThatCouldNotUndoAllIsRetried_FromWhatIsNotDone(StoreKind store)
    {
        var probe = new Probe();
        var seats = 0;
        await using var engine = await TestEngine.StartAsync(store, builder => builder.AddWorkflow(
            "trip", (WorkflowContext ctx, Unit _) => TripAsync(ctx, probe, stuck: "car-7", hasSeats: () => seats > 0)));
        var run = await engine.Client.StartAsync("trip", default(Unit)).Soon();
        await Assert.ThrowsAsync<RunCompensationFailedException>(() => engine.TrickleAsync(run.WaitAsync()));
        var before = probe.Calls.Length;
        seats = 1;
        await run.RetryAsync().Soon();
        await run.BecomesAsync(RunStatus.Completed);

        // The room was given back and is booked again; the car was not, and still is.
        Assert.Equal(["book room", "book flight"], probe.Calls[before..]);
    }

    [Theory, EveryStore]
    public async Task J9_WhatComesLateChangesNothing(StoreKind kind)
    {
        using var store = new TestStore(kind);
        var probe = new Probe();
        void Register(IPerdureBuilder builder) => builder.AddWorkflow("trip", (WorkflowContext ctx, Unit _) => TripAsync(ctx, probe));
        string id;
        await using (var first = await TestEngine.StartAsync(store, Register))
        {
            var run = await first.Client.StartAsync("trip", default(Unit)).Soon();
            id = run.Id;
            await Assert.ThrowsAsync<RunFailedException>(() => run.WaitAsync()).Soon();
            await Assert.ThrowsAsync<RunClosedException>(() => run.SignalAsync(new Signal<int>("late"), 1)).Soon();
            Assert.Equal(CancelOutcome.AlreadyFailed, await run.CancelAsync("late").Soon());
        }
        await using var second = await TestEngine.StartAsync(store, Register);
        // A call to the store that is under way must not run out of its time.
        await second.PassAsync();
        await second.AdvanceAsync(TimeSpan.FromMinutes(10));
        var info = await second.Client.GetAsync(id);
        Assert.Equal((RunStatus.Failed, true, 5), (info.Status, info.Compensated, probe.Calls.Length));
    }

    [Theory, EveryStore]
    public async Task J10_ACancellationUndoes_InAShield(StoreKind store)
    {
        var probe = new Probe();
        await using var engine = await TestEngine.StartAsync(store, builder => builder.AddWorkflow("trip", (WorkflowContext ctx, Unit _) => WaitingTripAsync(ctx, probe, null)));
        var run = await engine.Client.StartAsync("trip", default(Unit)).Soon();
        await run.WaitsForAsync("timer");
        await run.CancelAsync("changed my mind").Soon();
        await Assert.ThrowsAsync<RunCancelledException>(() => run.WaitAsync()).Soon();

        Assert.Equal(["book room", "undo room-7"], probe.Calls);
        var info = await run.GetAsync();
        Assert.Equal((RunStatus.Cancelled, true, "changed my mind"), (info.Status, info.Compensated, info.Error!.Message));
    }

    [Theory, EveryStore]
    public async Task J10_ACancelWhoseUndoFails_EndsAsCompensationFailed_AndARetryGoesOnFromWhatIsNotDone(StoreKind store)
    {
        var (stuck, probe) = (true, new Probe());
        await using var engine = await TestEngine.StartAsync(store, builder => builder.AddWorkflow("deal", (WorkflowContext ctx, Unit _) => ctx.SagaAsync(async saga =>
        {
            await ctx.StepAsync("pay", () => probe.NoteAsync("pay", 1));
            saga.OnFailure("refund", () => stuck ? throw new InvalidOperationException("stuck") : probe.NoteAsync("refund", 1), new() { Retry = RetryPolicy.None });
            await ctx.StepAsync("reserve", () => probe.NoteAsync("reserve", 1));
            saga.OnFailure("release", () => probe.NoteAsync("release", 1));
            await ctx.WaitForAsync(new Signal<string>("signed"));
        })));
        var run = await engine.Client.StartAsync("deal", default(Unit)).Soon();
        await run.WaitsForAsync("signal");
        await run.CancelAsync("too expensive").Soon();
        var failure = await Assert.ThrowsAsync<RunCompensationFailedException>(() => engine.TrickleAsync(run.WaitAsync()));

        Assert.Contains("too expensive", failure.ErrorMessage);
        var info = await run.GetAsync(RunInclude.Steps);
        Assert.Equal(
            [("reserve", "release", CompensationStatus.Completed), ("pay", "refund", CompensationStatus.Failed)],
            info.Compensations!.Select(static undo => (undo.Step, undo.Undo, undo.Status)));
        Assert.Single((await engine.Client.ListAsync(new() { Statuses = [RunStatus.CompensationFailed] })).Runs);

        // Paid still; reserved again. The cancellation was of the life that is over.
        stuck = false;
        await run.RetryAsync().Soon();
        await run.WaitsForAsync("signal");
        await run.SignalAsync("signed", "here").Soon();
        await engine.TrickleAsync(run.WaitAsync());
        Assert.Equal(["pay", "reserve", "release", "reserve"], probe.Calls);
    }

    [Theory, EveryStore]
    public async Task J10_WithCompensateOnCancelOff_WhatWasDoneStaysDone(StoreKind store)
    {
        var probe = new Probe();
        await using var engine = await TestEngine.StartAsync(
            store, builder => builder.AddWorkflow("trip", (WorkflowContext ctx, Unit _) => WaitingTripAsync(ctx, probe, new SagaOptions { CompensateOnCancel = false })));
        var run = await engine.Client.StartAsync("trip", default(Unit)).Soon();
        await run.WaitsForAsync("timer");
        await run.CancelAsync("stop").Soon();
        await Assert.ThrowsAsync<RunCancelledException>(() => run.WaitAsync()).Soon();

        Assert.Equal(["book room"], probe.Calls);
        Assert.False((await run.GetAsync()).Compensated);
    }

    [Theory, EveryStore]
    public async Task J12_AfterARestartTheNextUndoStillKnowsWhatItsStepReturned(StoreKind kind)
    {
        using var store = new TestStore(kind);
        var probe = new Probe();
        void Register(IPerdureBuilder builder) => builder.AddWorkflow("trip", (WorkflowContext ctx, Unit _) => TripAsync(ctx, probe, held: "room-7"));
        string id;
        await using (var first = await TestEngine.StartAsync(store, Register))
        {
            var run = await first.Client.StartAsync("trip", default(Unit)).Soon();
            id = run.Id;
            await probe.ReachedAsync("undo room-7");
            Assert.Equal(RunPhase.Compensating, (await run.GetAsync()).Phase);
        }
        // The process is gone in the middle of the second undo: the first one is recorded, and not repeated.
        probe.Open("held");
        await using var second = await TestEngine.StartAsync(store, Register);
        await Assert.ThrowsAsync<RunFailedException>(() => second.TrickleAsync(second.Client.Handle(id).WaitAsync()));
        Assert.Equal(["book room", "book car", "book flight", "undo car-7", "undo room-7", "held", "undo room-7", "held"], probe.Calls);
    }

    [Theory, EveryStore]
    public async Task WhatWasUndoneIsDoneAgain_ByTheNextAttemptOfTheWorkflow(StoreKind store)
    {
        var probe = new Probe();
        await using var engine = await TestEngine.StartAsync(store, builder => builder.AddWorkflow("trip", async (WorkflowContext ctx, Unit _) =>
        {
            await ctx.StepAsync("plan", () => probe.NoteAsync("plan", 1));
            return await TripAsync(ctx, probe, hasSeats: () => probe.Count("book flight") > 1);
        }));
        var run = await engine.Client.StartAsync("trip", default(Unit), new() { Retry = new() { MaxAttempts = 2 } }).Soon();
        await engine.TrickleAsync(run.WaitAsync());

        Assert.Equal(["plan", "book room", "book car", "book flight", "undo car-7", "undo room-7", "book room", "book car", "book flight"], probe.Calls);
        Assert.False((await run.GetAsync()).Compensated);
    }

    [Theory, EveryStore]
    public async Task WhoCatchesTheFailureOutsideGoesOn(StoreKind store)
    {
        var probe = new Probe();
        await using var engine = await TestEngine.StartAsync(store, builder => builder.AddWorkflow("trip", async (WorkflowContext ctx, Unit _) =>
        {
            try
            {
                return await TripAsync(ctx, probe);
            }
            catch (StepFailedException e)
            {
                return await ctx.StepAsync("stay", () => probe.NoteAsync("stay", $"at home: {e.ErrorCode}"));
            }
        }));
        Assert.Equal("at home: no-flight", await engine.Client.RunAsync<Unit, string>(new("trip"), default).Soon());
        Assert.Equal(["undo car-7", "undo room-7", "stay"], probe.Calls[3..]);
    }

    private static Task<string> TripAsync(WorkflowContext ctx, Probe probe, string? stuck = null, string? held = null, Func<bool>? hasSeats = null) => ctx.SagaAsync(async saga =>
    {
        var room = await ctx.StepAsync("room", () => probe.NoteAsync("book room", "room-7"));
        saga.OnFailure("cancel-room", () => UndoAsync(room));
        var car = await ctx.StepAsync("car", () => probe.NoteAsync("book car", "car-7"));
        saga.OnFailure("cancel-car", () => UndoAsync(car));
        await ctx.StepAsync("flight", () =>
        {
            probe.Note("book flight");
            return hasSeats?.Invoke() == true ? Task.CompletedTask : throw new WorkflowFailureException("no-flight", "none left");
        }, new() { Retry = Once });
        return "booked";

        async Task UndoAsync(string what)
        {
            probe.Note("undo " + what);
            if (what == held) await probe.HoldAsync("held");
            if (what == stuck) throw new InvalidOperationException("stuck");
        }
    });

    private static Task WaitingTripAsync(WorkflowContext ctx, Probe probe, SagaOptions? options) => ctx.SagaAsync(async saga =>
    {
        var room = await ctx.StepAsync("room", () => probe.NoteAsync("book room", "room-7"));
        saga.OnFailure("cancel-room", () => probe.NoteAsync("undo " + room, 1));
        await ctx.SleepAsync("1h");
    }, options);
}
