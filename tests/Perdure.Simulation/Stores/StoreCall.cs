namespace Perdure.Simulation;

/// <summary>The commands of a store.</summary>
internal enum StoreCall
{
    Initialize,
    Register,
    Renew,
    FenceDead,
    Retire,
    ReserveKeys,
    CommitGroup,
    Resolve,
    RecallGroup,
    StartRuns,
    StartWithSignal,
    PostMessages,
    Reopen,
    AnswerRequest,
    ListRequests,
    Keep,
    DeleteRuns,
    PurgeRuns,
    ForgetKeys,
    TakeTurn,
    ChangeQueue,
    ListQueues,
    ChangeWorker,
    ListWorkers,
    ClaimRuns,
    RecallRunClaim,
    ReadMessages,
    ClaimTasks,
    RecallTaskClaim,
    CompleteTasks,
    BeatTasks,
    ListTasks,
    WithdrawTasks,
    ReadRun,
    ReadTasks,
    ListRuns,
    CountRuns,
    CountWorkflows,
    ReadChain,
    ReadHistory,
}

/// <summary>What becomes of a call.</summary>
internal enum CallFate
{
    /// <summary>Executed and answered.</summary>
    Answered,
    /// <summary>Not executed, and the caller is told so.</summary>
    Failed,
    /// <summary>Not executed; the caller is told that nobody knows.</summary>
    LostRequest,
    /// <summary>Executed; the caller is told that nobody knows.</summary>
    LostAnswer,
    /// <summary>Executed; the caller is told nothing and must give up by itself.</summary>
    Silent,
    /// <summary>Executed at some later time; the caller is told nothing.</summary>
    Late,
}

/// <summary>The course of one call.</summary>
/// <param name="Fate">What becomes of it.</param>
/// <param name="Before">Ticks until it reaches the store.</param>
/// <param name="After">Ticks until its answer arrives.</param>
internal readonly record struct CallPlan(CallFate Fate, long Before, long After);

/// <summary>Decides what becomes of calls.</summary>
internal interface ICallPlanner
{
    /// <summary>The course of the next call of <paramref name="store"/>.</summary>
    CallPlan Plan(SimStore store, StoreCall call);

    /// <summary>The call has just been executed; its answer is not on its way yet.</summary>
    void Executed(SimStore store, StoreCall call, int number);

    /// <summary>The caller has taken the answer.</summary>
    void Taken(SimStore store, StoreCall call, int number);
}
