namespace Perdure.Storage.Memory;

/// <summary>One lane of a worker: the row that every group of the lane must match first.</summary>
internal sealed class LaneRow
{
    public bool Alive { get; set; } = true;

    /// <summary>Number of the last committed attempt.</summary>
    public long LastGroup { get; set; }

    /// <summary>Attempts up to this number may not commit any more.</summary>
    public long Barrier { get; set; }
}
