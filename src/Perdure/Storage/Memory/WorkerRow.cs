namespace Perdure.Storage.Memory;

/// <summary>A registered worker process, its lanes and what it owns.</summary>
internal sealed class WorkerRow(long key, WorkerRegistration registration)
{
    public Guid Id { get; } = registration.Id;

    public long Key { get; } = key;

    public string Name { get; } = registration.Name;

    public Instant RegisteredAt { get; init; }

    /// <summary>The queues that it serves, with the number of activities that it runs of each at once; null if it does not say.</summary>
    public IReadOnlyDictionary<string, int>? Queues { get; } = registration.Queues;

    /// <summary>Who has paused it; null while it takes work.</summary>
    public WorkerPause? Pause { get; set; }

    /// <summary>How often its orders were changed.</summary>
    public long Revision { get; set; }

    public WorkerOrders Orders => new(Revision, Pause is not null);

    /// <summary>What it has code for.</summary>
    public HashSet<string> Activities { get; } = new(registration.Activities, StringComparer.Ordinal);

    /// <summary>Workflows that it has code for; null for all.</summary>
    public HashSet<WorkflowCode>? Workflows { get; } = registration.Workflows is { } codes ? [.. codes] : null;

    public TimeSpan Lease { get; } = registration.Lease;

    public bool Alive => DiedAt.IsNever;

    /// <summary>When it was marked dead, or never.</summary>
    public Instant DiedAt { get; private set; } = Instant.Never;

    public Instant LeaseUntil { get; set; }

    /// <summary>By number; 0 is the control lane.</summary>
    public LaneRow[] Lanes { get; } = CreateLanes(registration.Lanes + 1);

    public SortedSet<long> Runs { get; } = [];

    public SortedSet<(long Run, int Operation)> Tasks { get; } = [];

    /// <summary>Whether it can drive runs that need this code.</summary>
    public bool Has(WorkflowCode code) => Workflows is null || Workflows.Contains(code);

    /// <summary>From here on no lane of the worker commits anything.</summary>
    public void MarkDead(Instant now)
    {
        if (Alive) DiedAt = now;
        foreach (var lane in Lanes) lane.Alive = false;
    }

    private static LaneRow[] CreateLanes(int count)
    {
        var lanes = new LaneRow[count];
        for (var i = 0; i < count; i++) lanes[i] = new LaneRow();
        return lanes;
    }
}
