namespace Perdure;

/// <summary>Where a run stands. Values are stored; they never change their number.</summary>
public enum RunStatus
{
    /// <summary>Created, not yet taken by a worker (or scheduled for later).</summary>
    Pending = 0,
    /// <summary>Workflow code or an inline step is running or runnable.</summary>
    Running = 1,
    /// <summary>Waiting for a timer, a retry, a signal or an activity.</summary>
    Suspended = 2,
    /// <summary>Stopped by an operator; messages are kept, nothing runs until it is resumed.</summary>
    Paused = 3,
    /// <summary>Quarantined because it cannot go on; visible, explained and resumable.</summary>
    Blocked = 4,
    /// <summary>Ended with a result.</summary>
    Completed = 10,
    /// <summary>Ended with an error.</summary>
    Failed = 11,
    /// <summary>Ended because it was cancelled.</summary>
    Cancelled = 12,
    /// <summary>Ended because its run timeout passed.</summary>
    TimedOut = 13,
    /// <summary>Ended by force, without running any of its code.</summary>
    Terminated = 14,
    /// <summary>Ended with an error, and something that it did could not be undone.</summary>
    CompensationFailed = 15,
    /// <summary>Ended so that another run goes on in its place, with a fresh history.</summary>
    ContinuedAsNew = 16,
}

/// <summary>Questions that are asked of a <see cref="RunStatus"/> everywhere.</summary>
public static class RunStatusExtensions
{
    /// <summary>Whether the run has ended and will not change again.</summary>
    public static bool IsTerminal(this RunStatus status) => status >= RunStatus.Completed;
}
