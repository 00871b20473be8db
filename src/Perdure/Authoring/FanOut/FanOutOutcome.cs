namespace Perdure;

/// <summary>How an item of a fan-out ended.</summary>
public enum FanOutOutcome
{
    /// <summary>It was cancelled, or never started, because the outcome of the whole was certain.</summary>
    Cancelled = 0,

    /// <summary>It has a result.</summary>
    Completed = 1,

    /// <summary>It failed.</summary>
    Failed = 2,
}
