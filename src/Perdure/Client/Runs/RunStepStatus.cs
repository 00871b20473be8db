namespace Perdure;

/// <summary>Where a step or an activity of a run stands.</summary>
public enum RunStepStatus
{
    /// <summary>An activity waits in its queue.</summary>
    Queued = 0,

    /// <summary>It is known that an attempt has begun. A short step is recorded with its outcome only.</summary>
    Running = 1,

    /// <summary>An attempt failed and the next one waits for its instant.</summary>
    RetryWait = 2,

    /// <summary>It returned.</summary>
    Completed = 3,

    /// <summary>It failed for good.</summary>
    Failed = 4,

    /// <summary>One of its clocks ran out for good.</summary>
    TimedOut = 5,

    /// <summary>It was cancelled.</summary>
    Cancelled = 6,
}
