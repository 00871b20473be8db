namespace Perdure;

/// <summary>How a child workflow ended that gave no result.</summary>
public enum ChildOutcome
{
    /// <summary>It failed, or could not be started because its key or id is taken.</summary>
    Failed = 0,

    /// <summary>It was cancelled.</summary>
    Cancelled = 1,

    /// <summary>It exceeded its run timeout.</summary>
    TimedOut = 2,

    /// <summary>It was ended by force.</summary>
    Terminated = 3,

    /// <summary>It failed, and could not undo all that it had done.</summary>
    CompensationFailed = 4,
}
