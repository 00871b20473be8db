namespace Perdure;

/// <summary>How far a run has come at a node of its graph.</summary>
public enum GraphNodeState
{
    /// <summary>It has not come here, or nothing is known.</summary>
    NotReached,
    /// <summary>It is being worked on.</summary>
    Running,
    /// <summary>The run waits here.</summary>
    Waiting,
    /// <summary>It is done.</summary>
    Completed,
    /// <summary>It failed.</summary>
    Failed,
    /// <summary>It was given up: the run, or what waited for it, was cancelled or has ended.</summary>
    Cancelled,
    /// <summary>The run has passed it by: another way was taken.</summary>
    Skipped,
}
