namespace Perdure;

/// <summary>What a live run is busy with, besides its status.</summary>
public enum RunPhase
{
    /// <summary>Nothing unusual.</summary>
    Normal = 0,
    /// <summary>A cancellation was recorded; the run is cleaning up.</summary>
    Cancelling = 1,
    /// <summary>A saga failed; the run is undoing what it did.</summary>
    Compensating = 2,
}
