namespace Perdure.Simulation;

/// <summary>
/// Bugs that are planted on purpose, one at a time: each must be found. They live in the simulated store, and in the pipeline that is simulated, so that the engine carries no switch for them.
/// </summary>
internal enum Defect
{
    /// <summary>A lane that was marked dead still commits.</summary>
    NoFence,
    /// <summary>A run is released although there are unread messages.</summary>
    ReleaseBlind,
    /// <summary>A run is closed although there are unread messages.</summary>
    CloseBlind,
    /// <summary>A group is answered as committed before it is durable, so that effects begin too early.</summary>
    AnswerBeforeCommit,
    /// <summary>A group of unknown outcome is taken for lost and sent again; nothing checks the last group or the number of events.</summary>
    UnknownMeansLost,
    /// <summary>A call of unknown outcome is taken for committed.</summary>
    UnknownMeansCommitted,
    /// <summary>A resolved attempt is not kept out: it may land after the answer.</summary>
    NoBarrier,
    /// <summary>Signals are removed when they are read, not when their events are committed.</summary>
    ConsumeAtRead,
    /// <summary>A commit that consumes one message removes all of them.</summary>
    DeleteUnread,
    /// <summary>Histories are handed over with completions in the order of operations instead of the recorded one.</summary>
    OrderByOperation,
    /// <summary>Any worker's result of a task is taken, whatever its attempt.</summary>
    NoAttemptToken,
    /// <summary>A start key is looked up first and inserted later.</summary>
    CheckThenInsert,
    /// <summary>Leases are judged by the wall clock of the worker that looks.</summary>
    LeaseByWorkerClock,
    /// <summary>A message gets a new id when it is sent again.</summary>
    FreshMessageIds,
    /// <summary>The owner's row update sets the due instant although there are unread messages.</summary>
    DueHidesMessage,
    /// <summary>After an unknown commit soft outcomes are guessed.</summary>
    GuessSoftOutcome,
    /// <summary>A claim returns histories of a moment before it, and the number of events is not checked.</summary>
    StaleHistory,
    /// <summary>A task is removed in one transaction and its result is posted in another.</summary>
    ResultInTwoParts,
    /// <summary>A message that came directly does not wait for those in the inbox.</summary>
    DirectOvertakesRows,
    /// <summary>Timers are committed on the worker's word alone.</summary>
    TimerByWorkerClock,
    /// <summary>A lost worker is not counted, so that its attempt numbers are used again.</summary>
    LossNotCounted,
    /// <summary>Tasks of dead workers are never freed.</summary>
    TasksStayWithTheDead,
    /// <summary>An activity that has lost its worker is due at once, however often that was.</summary>
    LostTasksWaitForNothing,
    /// <summary>Activities that keep losing their workers are given out all at once.</summary>
    SuspectTasksTogether,
    /// <summary>A run that is reopened keeps the orders to stop that its end had left unread.</summary>
    ReopenKeepsOrders,
    /// <summary>Only the worker that marks another dead frees its runs, and only once.</summary>
    FreeOnce,
    /// <summary>Claims do not look at what holds queues back.</summary>
    ClaimPastLimits,
    /// <summary>The slots of a dead worker's runs and activities stay taken.</summary>
    SlotsStayWithTheDead,
    /// <summary>A run ends in one transaction, and its parent is told of it in another.</summary>
    ChildEndInTwoParts,
    /// <summary>Answers are removed when they are read, not when their events are committed.</summary>
    AnswersGoneAtRead,
    /// <summary>A request that has its answer takes another one.</summary>
    AnsweredTwice,
    /// <summary>A run that continues as a new one ends in one transaction, and its successor is born in another.</summary>
    SuccessorInTwoParts,
    /// <summary>A successor is born without the signals that nobody took.</summary>
    SignalsLeftBehind,
    /// <summary>A run that continues as a new one keeps the hooks that it has left open: their tokens lead to a run that is over.</summary>
    HooksLeftBehind,
    /// <summary>A successor is born without the answers to its hooks that nobody has received.</summary>
    AnswersLeftBehind,
    /// <summary>A hook forgets what it was answered when it goes on to a successor.</summary>
    MovedHookForgets,
    /// <summary>Whoever cancels a run that nobody has begun, as a purge does, removes the signals from its inbox.</summary>
    PurgeEmptiesInbox,
    /// <summary>Claims do not look at whether their worker is paused.</summary>
    ClaimWhilePaused,
    /// <summary>Claims do not look at who has code for a run.</summary>
    ClaimIgnoresVersion,
    /// <summary>Claims do not look at the build that a run is pinned to.</summary>
    ClaimIgnoresBuild,
    /// <summary>A schedule's run starts what is due although there is an order that it has not read.</summary>
    StartsPastOrders,
    /// <summary>A purge withdraws activities that a worker has taken since they were listed.</summary>
    WithdrawsWhatRuns,
    /// <summary>A loop of a pipeline counts the attempts of its step, not its iterations: one that failed, or was lost with its process, lets it skip an iteration.</summary>
    LoopCountsAttempts,
    /// <summary>What an attempt of a pipeline's step has written before it failed, or was lost with its process, stays in the data.</summary>
    FailedAttemptsLeaveData,
}
