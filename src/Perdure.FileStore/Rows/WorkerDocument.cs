using Perdure.Storage.Memory;

namespace Perdure.Files.Rows;

/// <summary>A worker process and its lanes.</summary>
internal sealed record WorkerDocument
{
    public long Key { get; init; }

    public Guid Id { get; init; }

    public string? Name { get; init; }

    public Instant RegisteredAt { get; init; }

    public IReadOnlyList<string> Activities { get; init; } = [];

    /// <summary>Workflows that it has code for; null for all.</summary>
    public IReadOnlyList<WorkflowCode>? Workflows { get; init; }

    /// <summary>Queues that it serves, with the number of activities that it runs of each at once; null if it does not say.</summary>
    public IReadOnlyDictionary<string, int>? Queues { get; init; }

    /// <summary>Who has paused it; null while it takes work.</summary>
    public WorkerPause? Pause { get; init; }

    /// <summary>How often its orders were changed.</summary>
    public long Revision { get; init; }

    public TimeSpan Lease { get; init; }

    public Instant LeaseUntil { get; init; }

    /// <summary>When it was marked dead, or never.</summary>
    public Instant DiedAt { get; init; }

    public IReadOnlyList<LaneDocument> Lanes { get; init; } = [];

    public static WorkerDocument Of(WorkerRow row) => new()
    {
        Key = row.Key, Id = row.Id, Name = row.Name, RegisteredAt = row.RegisteredAt, Queues = row.Queues, Pause = row.Pause, Revision = row.Revision,
        Activities = [.. row.Activities], Workflows = row.Workflows is { } codes ? [.. codes] : null, Lease = row.Lease, LeaseUntil = row.LeaseUntil, DiedAt = row.DiedAt,
        Lanes = Array.ConvertAll(row.Lanes, static lane => new LaneDocument(lane.LastGroup, lane.Barrier)),
    };

    public WorkerRow ToRow()
    {
        var row = new WorkerRow(Key, new WorkerRegistration(Id, Name ?? "", Lanes.Count - 1, Lease) { Activities = Activities, Workflows = Workflows, Queues = Queues })
        {
            RegisteredAt = RegisteredAt, LeaseUntil = LeaseUntil, Pause = Pause, Revision = Revision,
        };
        for (var i = 0; i < Lanes.Count; i++) (row.Lanes[i].LastGroup, row.Lanes[i].Barrier) = (Lanes[i].LastGroup, Lanes[i].Barrier);
        if (!DiedAt.IsNever) row.MarkDead(DiedAt);
        return row;
    }
}
