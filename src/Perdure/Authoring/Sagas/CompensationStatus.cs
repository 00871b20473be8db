namespace Perdure;

/// <summary>What became of one undo.</summary>
public enum CompensationStatus
{
    /// <summary>It ran to its end: what its step did is undone.</summary>
    Completed = 0,

    /// <summary>It failed for good: what its step did stays done.</summary>
    Failed = 1,
}
