namespace Perdure;

/// <summary>What an event of a run's history says. Values are stored; they never change their number.</summary>
public enum EventKind : byte
{
    /// <summary>The run was created; data is its input.</summary>
    WorkflowStarted = 1,
    /// <summary>An attempt of the workflow failed and another will follow.</summary>
    WorkflowRetryScheduled = 2,
    /// <summary>The run ended with a result.</summary>
    WorkflowCompleted = 3,
    /// <summary>The run ended with an error.</summary>
    WorkflowFailed = 4,
    /// <summary>The run ended because it was cancelled.</summary>
    WorkflowCancelled = 5,
    /// <summary>The run ended because its time was up.</summary>
    WorkflowTimedOut = 6,
    /// <summary>The run was ended by force.</summary>
    WorkflowTerminated = 7,
    /// <summary>The run ended and another one goes on in its place; data is its id.</summary>
    WorkflowContinuedAsNew = 8,

    /// <summary>An attempt of a step began (written only for at-most-once and for long steps).</summary>
    StepStarted = 10,
    /// <summary>A step returned; data is its result.</summary>
    StepCompleted = 11,
    /// <summary>An attempt of a step failed; data is the failure.</summary>
    StepFailed = 12,
    /// <summary>The next attempt of a step is due at the stored instant.</summary>
    StepRetryScheduled = 13,

    /// <summary>A running step saved how far it has come; data is what its next attempt reads, empty when it was deleted.</summary>
    StepCheckpoint = 14,

    /// <summary>An activity was put on its queue; data is its input.</summary>
    ActivityScheduled = 20,
    /// <summary>An attempt of an activity began; data says where and when.</summary>
    ActivityStarted = 21,
    /// <summary>An activity returned; data is its result.</summary>
    ActivityCompleted = 22,
    /// <summary>An attempt of an activity failed; data is the failure.</summary>
    ActivityFailed = 23,
    /// <summary>The next attempt of an activity is due at the stored instant.</summary>
    ActivityRetryScheduled = 24,
    /// <summary>One of an activity's clocks ran out.</summary>
    ActivityTimedOut = 25,
    /// <summary>An activity was cancelled.</summary>
    ActivityCancelled = 26,

    /// <summary>A durable timer was set; the due instant is stored once.</summary>
    SleepStarted = 30,
    /// <summary>A durable timer fired.</summary>
    SleepCompleted = 31,
    /// <summary>A durable timer was cancelled.</summary>
    SleepCancelled = 32,

    /// <summary>A signal arrived; it is buffered unless the event names the operation that took it.</summary>
    SignalReceived = 40,
    /// <summary>A buffered signal was taken by a wait.</summary>
    SignalConsumed = 41,
    /// <summary>A wait began.</summary>
    WaitStarted = 42,
    /// <summary>A wait's limit passed.</summary>
    WaitTimedOut = 43,
    /// <summary>A wait was cancelled.</summary>
    WaitCancelled = 44,
    /// <summary>The code looked at the oldest buffered signal of a name without taking it; data is its payload, the note its message id. No note: there was none.</summary>
    SignalPeeked = 45,

    /// <summary>The recorded value of a side effect.</summary>
    SideEffect = 50,
    /// <summary>State was published.</summary>
    StatePublished = 51,

    /// <summary>The run follows a version of a change of its code; data is the version.</summary>
    VersionMarker = 52,
    /// <summary>The code changed the run's data; data holds the new values and the keys that are gone.</summary>
    ContextChanged = 53,
    /// <summary>A pipeline decided where it goes on; data is the decision.</summary>
    DecisionMade = 54,

    /// <summary>A hook was made; data holds the nonce of its token, the due instant is its expiry.</summary>
    HookCreated = 90,
    /// <summary>A hook was answered; data holds the payload.</summary>
    HookReceived = 91,
    /// <summary>A question was put to people; data is what is asked, the due instant is its end.</summary>
    InputRequested = 92,
    /// <summary>A question was answered; data holds the answer and who gave it.</summary>
    InputProvided = 93,
    /// <summary>A hook expired.</summary>
    HookExpired = 94,
    /// <summary>The time for a question was up.</summary>
    InputTimedOut = 95,
    /// <summary>A hook was taken back.</summary>
    HookDisposed = 96,
    /// <summary>A question was taken back.</summary>
    InputCancelled = 97,

    /// <summary>Somebody asked the run to stop.</summary>
    CancelRequested = 60,
    /// <summary>The run was quarantined.</summary>
    RunBlocked = 61,
    /// <summary>A quarantined or paused run was let go on.</summary>
    RunResumed = 62,
    /// <summary>A closed run was reopened at its failed operations.</summary>
    RunReset = 63,
    /// <summary>An operator stopped the run; nothing of it goes on until it is resumed or cancelled.</summary>
    RunPaused = 64,

    /// <summary>A saga began to undo; data names the undos in their order.</summary>
    CompensationStarted = 70,
    /// <summary>A saga has undone everything; data says what became of each undo.</summary>
    CompensationCompleted = 71,
    /// <summary>A saga could not undo everything; data says what became of each undo.</summary>
    CompensationFailed = 72,

    /// <summary>A child was started; the note is its id, data is its input.</summary>
    ChildStarted = 80,
    /// <summary>A child ended with a result, which is the data.</summary>
    ChildCompleted = 81,
    /// <summary>A child ended in another way, or could not be started; the note says how, data is the failure.</summary>
    ChildFailed = 82,
    /// <summary>A child ended because it was cancelled.</summary>
    ChildCancelled = 83,
    /// <summary>A signal was sent to a child; the note is the child's id, data the payload.</summary>
    ChildSignalled = 84,
    /// <summary>A child was asked to cancel; the note is its id.</summary>
    ChildCancelRequested = 85,
}
