namespace Perdure;

/// <summary>What became of a request to cancel or to terminate a run. Asking again is harmless.</summary>
public enum CancelOutcome
{
    /// <summary>The request is durable and will be obeyed.</summary>
    Recorded = 0,

    /// <summary>The run was asked before and is cleaning up.</summary>
    AlreadyCancelling = 1,

    /// <summary>The run had ended with a result.</summary>
    AlreadyCompleted = 2,

    /// <summary>The run had failed.</summary>
    AlreadyFailed = 3,

    /// <summary>The run had been cancelled.</summary>
    AlreadyCancelled = 4,

    /// <summary>The run had exceeded its run timeout.</summary>
    AlreadyTimedOut = 5,

    /// <summary>The run had been terminated.</summary>
    AlreadyTerminated = 6,

    /// <summary>The run had failed, and could not undo all that it had done.</summary>
    AlreadyCompensationFailed = 7,
}
