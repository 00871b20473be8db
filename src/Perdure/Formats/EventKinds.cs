using Perdure.Storage;

namespace Perdure.Formats;

/// <summary>What the kinds of events mean for replay.</summary>
internal static class EventKinds
{
    /// <summary>The name under which wait limits are recorded, so that they are not taken for waits for a signal.</summary>
    public const string LimitName = "_limit";

    /// <summary>
    /// Events that a replay passes over: an operator's or the engine's notes between two turns, checkpoints of bodies, and markers of versions, which are looked up by name.
    /// </summary>
    public static bool IsNeutral(EventKind kind) =>
        kind is EventKind.RunBlocked or EventKind.RunPaused or EventKind.RunResumed or EventKind.ActivityStarted or EventKind.VersionMarker or EventKind.StepCheckpoint;

    /// <summary>Events that begin a turn. All others are written by the code during one.</summary>
    public static bool IsStimulus(in EventRecord e) => e.Kind switch
    {
        EventKind.WorkflowStarted or EventKind.StepStarted or EventKind.StepCompleted or EventKind.StepFailed
            or EventKind.ActivityCompleted or EventKind.ActivityFailed or EventKind.ActivityTimedOut or EventKind.ActivityCancelled
            or EventKind.SleepCompleted or EventKind.SignalReceived or EventKind.CancelRequested
            or EventKind.ChildCompleted or EventKind.ChildFailed or EventKind.ChildCancelled
            or EventKind.HookReceived or EventKind.HookExpired or EventKind.InputProvided or EventKind.InputTimedOut => true,
        // A wait with a limit of zero times out while it is issued; all others time out in a turn of their own.
        EventKind.WaitTimedOut => e.Note != ImmediateNote,
        // A wait that the code or a cancellation gave up ends in their turn; one that was ended on order names the order.
        EventKind.WaitCancelled or EventKind.InputCancelled or EventKind.HookDisposed => e.Note is not null,
        _ => false,
    };

    /// <summary>Events that end a run.</summary>
    public static bool IsEnd(EventKind kind) => kind is EventKind.WorkflowCompleted or EventKind.WorkflowFailed or EventKind.WorkflowCancelled
        or EventKind.WorkflowTimedOut or EventKind.WorkflowTerminated or EventKind.WorkflowContinuedAsNew;

    /// <summary>Note of a wait that timed out while it was issued.</summary>
    public const string ImmediateNote = "immediate";

    /// <summary>Events that open a request, and so are its outcome for the code that asked for it.</summary>
    public static bool OpensRequest(EventKind kind) => kind is EventKind.HookCreated or EventKind.InputRequested;

    /// <summary>Events that answer or end a request.</summary>
    public static bool AnswersRequest(EventKind kind) => kind is EventKind.HookReceived or EventKind.HookExpired or EventKind.InputProvided or EventKind.InputTimedOut;

    /// <summary>
    /// Events that tell the place of their operation: that with which it began, and those of a step, of which nothing else may tell that it began.
    /// </summary>
    public static bool TellsPlace(in EventRecord e) => e.Kind switch
    {
        EventKind.StepStarted or EventKind.StepCompleted or EventKind.StepFailed or EventKind.ActivityScheduled or EventKind.SleepStarted or EventKind.WaitStarted
            or EventKind.SignalConsumed or EventKind.HookCreated or EventKind.InputRequested or EventKind.ChildStarted => true,
        EventKind.WaitTimedOut => e.Note == ImmediateNote,
        _ => false,
    };

    /// <summary>The kind of operation that an event is about, or null.</summary>
    public static OperationKind? OperationOf(in EventRecord e) => e.Kind switch
    {
        EventKind.StepStarted or EventKind.StepCompleted or EventKind.StepFailed or EventKind.StepRetryScheduled => OperationKind.Step,
        EventKind.ActivityScheduled or EventKind.ActivityStarted or EventKind.ActivityCompleted or EventKind.ActivityFailed
            or EventKind.ActivityRetryScheduled or EventKind.ActivityTimedOut or EventKind.ActivityCancelled => OperationKind.Activity,
        EventKind.SleepStarted or EventKind.SleepCompleted or EventKind.SleepCancelled => OperationKind.Sleep,
        EventKind.WaitStarted or EventKind.WaitTimedOut or EventKind.WaitCancelled => e.Name == LimitName ? OperationKind.Limit : OperationKind.Wait,
        EventKind.SignalReceived or EventKind.SignalConsumed => e.Operation == EventRecord.NoOperation ? null : OperationKind.Wait,
        EventKind.SignalPeeked => OperationKind.Peek,
        EventKind.HookCreated or EventKind.HookReceived or EventKind.HookExpired or EventKind.HookDisposed => OperationKind.Hook,
        EventKind.InputRequested or EventKind.InputProvided or EventKind.InputTimedOut or EventKind.InputCancelled => OperationKind.Input,
        EventKind.SideEffect => OperationKind.SideEffect,
        EventKind.StatePublished => OperationKind.Publish,
        EventKind.DecisionMade => OperationKind.Decision,
        EventKind.CompensationStarted or EventKind.CompensationCompleted or EventKind.CompensationFailed => OperationKind.Compensation,
        EventKind.ChildStarted or EventKind.ChildCompleted or EventKind.ChildFailed or EventKind.ChildCancelled => OperationKind.Child,
        EventKind.ChildSignalled or EventKind.ChildCancelRequested => OperationKind.ChildMessage,
        _ => null,
    };
}
