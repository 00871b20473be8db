namespace Perdure;

/// <summary>
/// Codes of the engine's own errors: searchable, stable, the same in logs, in stored failures and in the documents. <c>PERD10xx</c> is
/// about options and registration, <c>11xx</c> payloads, <c>12xx</c> what a caller asked for, <c>13xx</c> the store, <c>14xx</c> operations
/// of a run, <c>15xx</c> how a run ended.
/// </summary>
public static class ErrorCodes
{
    /// <summary>An option has a value that it cannot have, or contradicts another.</summary>
    public const string InvalidOption = "PERD1001";

    /// <summary>A name, key or id breaks its rule.</summary>
    public const string InvalidName = "PERD1002";

    /// <summary>A text is no duration.</summary>
    public const string InvalidDuration = "PERD1003";

    /// <summary>One name was registered for two pieces of code.</summary>
    public const string DuplicateRegistration = "PERD1004";

    /// <summary>A workflow or activity has a shape that cannot be registered.</summary>
    public const string InvalidRegistration = "PERD1005";

    /// <summary>An assembly contains a type that cannot be loaded.</summary>
    public const string UnloadableType = "PERD1006";

    /// <summary>Something needs code generated at run time, which this process does not allow.</summary>
    public const string DynamicCodeUnavailable = "PERD1007";

    /// <summary>An input does not fit the type that was declared for it.</summary>
    public const string InputInvalid = "PERD1101";

    /// <summary>A payload is larger than its limit.</summary>
    public const string PayloadTooLarge = "PERD1102";

    /// <summary>A result cannot be written as JSON, or not be read back.</summary>
    public const string ResultNotSerializable = "PERD1103";

    /// <summary>A stored payload does not fit the type that it is read as.</summary>
    public const string UndecodablePayload = "PERD1104";

    /// <summary>There is no run of that id or key.</summary>
    public const string RunNotFound = "PERD1201";

    /// <summary>The run has ended and takes nothing any more.</summary>
    public const string RunClosed = "PERD1202";

    /// <summary>The key belongs to a start of another workflow, or with another input.</summary>
    public const string KeyConflict = "PERD1203";

    /// <summary>The key or id is taken, and the start was to fail then.</summary>
    public const string AlreadyExists = "PERD1204";

    /// <summary>The run cannot be deleted or reopened because others depend on it.</summary>
    public const string RunInUse = "PERD1205";

    /// <summary>There is no schedule of that name.</summary>
    public const string ScheduleNotFound = "PERD1230";

    /// <summary>No worker of that number is alive.</summary>
    public const string WorkerNotFound = "PERD1231";

    /// <summary>No workflow of that name is registered.</summary>
    public const string UnknownWorkflow = "PERD1206";

    /// <summary>No activity of that name is registered anywhere.</summary>
    public const string UnknownActivity = "PERD1207";

    /// <summary>The workflow has no query of that name.</summary>
    public const string UnknownQuery = "PERD1208";

    /// <summary>The stored history of the run cannot be read.</summary>
    public const string HistoryDamaged = "PERD1209";

    /// <summary>The run has as many signals that nobody took as a run may have.</summary>
    public const string TooManySignals = "PERD1220";

    /// <summary>A run that is not recorded was asked for something that needs the store or another process.</summary>
    public const string NotDurable = "PERD1221";

    /// <summary>The run is the child of a run that has not ended, which has heard of its end already.</summary>
    public const string ParentStillOpen = "PERD1215";

    /// <summary>There is no hook with this token.</summary>
    public const string InvalidToken = "PERD1227";

    /// <summary>The hook or question takes no answers any more: its time is up, or nobody waits for it.</summary>
    public const string RequestExpired = "PERD1222";

    /// <summary>The hook has got its answers already.</summary>
    public const string AlreadyReceived = "PERD1223";

    /// <summary>The question has been answered already.</summary>
    public const string AlreadyProvided = "PERD1224";

    /// <summary>The answer is meant for an earlier question.</summary>
    public const string StaleRequest = "PERD1225";

    /// <summary>The run does not wait for this.</summary>
    public const string NotWaiting = "PERD1226";

    /// <summary>The handler of a query used the workflow context.</summary>
    public const string QueryMayNotSchedule = "PERD1240";

    /// <summary>A query could not be answered.</summary>
    public const string QueryFailed = "PERD1241";

    /// <summary>A step failed for good.</summary>
    public const string StepFailed = "PERD1401";

    /// <summary>A step ran out of time.</summary>
    public const string StepTimeout = "PERD1402";

    /// <summary>An at-most-once step was interrupted, and nobody knows how far it had come.</summary>
    public const string StepOutcomeUnknown = "PERD1403";

    /// <summary>An activity failed for good.</summary>
    public const string ActivityFailed = "PERD1404";

    /// <summary>An activity ran out of time.</summary>
    public const string ActivityTimeout = "PERD1405";

    /// <summary>The run was asked to cancel.</summary>
    public const string WorkflowCancelled = "PERD1406";

    /// <summary>A wait limit passed; what was waited for goes on.</summary>
    public const string WaitLimit = "PERD1407";

    /// <summary>Code asked not to be retried.</summary>
    public const string NonRetryable = "PERD1408";

    /// <summary>Code asked to be retried at a certain time.</summary>
    public const string RetryAfter = "PERD1409";

    /// <summary>An error could not be described; its description failed as well.</summary>
    public const string Undescribable = "PERD1410";

    /// <summary>Somebody outside took an activity off its queue.</summary>
    public const string ActivityWithdrawn = "PERD1413";

    /// <summary>A workflow context was used outside its run: something that is not durable was awaited.</summary>
    public const string ForeignAwait = "PERD1411";

    /// <summary>A workflow context was used while a body of its run ran.</summary>
    public const string DurableCallInStep = "PERD1412";

    /// <summary>The data of a run was written from elsewhere than its workflow code.</summary>
    public const string ContextReadOnly = "PERD1420";

    /// <summary>A value of a run's data is not what an operation on it needs.</summary>
    public const string DataMismatch = "PERD1421";

    /// <summary>A child workflow ended without a result.</summary>
    public const string ChildFailed = "PERD1430";

    /// <summary>A child would be nested deeper than 32 levels.</summary>
    public const string NestingDepthExceeded = "PERD1431";

    /// <summary>A run has started as many children as it may.</summary>
    public const string TooManyChildren = "PERD1432";

    /// <summary>A decision of a pipeline went to a step that its sequence does not have.</summary>
    public const string DecisionTargetUnknown = "PERD1422";

    /// <summary>A decision of a pipeline went to itself.</summary>
    public const string DecisionTargetSelf = "PERD1423";

    /// <summary>A decision of a pipeline went to a step before it.</summary>
    public const string DecisionTargetBackward = "PERD1424";

    /// <summary>Two branches of a parallel block changed one key of the data.</summary>
    public const string MergeConflict = "PERD1425";

    /// <summary>A loop of a pipeline went on beyond its limit.</summary>
    public const string LoopLimit = "PERD1426";

    /// <summary>An item of a fan-out failed, and the rest was cancelled.</summary>
    public const string FanOutFailed = "PERD1433";

    /// <summary>Nobody answered a question in time.</summary>
    public const string InputTimeout = "PERD1440";

    /// <summary>A hook expired before it was answered.</summary>
    public const string HookExpired = "PERD1441";

    /// <summary>Somebody outside ended a wait.</summary>
    public const string WaitCancelled = "PERD1442";

    /// <summary>The run failed.</summary>
    public const string RunFailed = "PERD1501";

    /// <summary>The run was cancelled.</summary>
    public const string RunCancelled = "PERD1502";

    /// <summary>The run exceeded its run timeout.</summary>
    public const string RunTimedOut = "PERD1503";

    /// <summary>The run was terminated.</summary>
    public const string RunTerminated = "PERD1504";

    /// <summary>A saga failed, and not all of what it did could be undone.</summary>
    public const string CompensationFailed = "PERD1506";

    /// <summary>The run is blocked.</summary>
    public const string RunBlocked = "PERD1505";
}
