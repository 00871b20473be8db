namespace Perdure.Storage.Memory;

/// <summary>A registered worker process, its lanes and what it owns.</summary>
internal sealed class WorkerRow(long key, WorkerRegistration registration)
{
    public long Key { get; } = key;

    public TimeSpan Lease { get; } = registration.Lease;

    public bool Alive { get; set; } = true;

    public Instant LeaseUntil { get; set; }

    /// <summary>By number; 0 is the control lane.</summary>
    public LaneRow[] Lanes { get; } = CreateLanes(registration.Lanes + 1);

    public SortedSet<long> Runs { get; } = [];

    public SortedSet<(long Run, int Operation)> Tasks { get; } = [];

    private static LaneRow[] CreateLanes(int count)
    {
        var lanes = new LaneRow[count];
        for (var i = 0; i < count; i++) lanes[i] = new LaneRow();
        return lanes;
    }
}
