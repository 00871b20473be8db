using Perdure.Storage.Memory;

namespace Perdure.Files.Rows;

/// <summary>A worker process and its lanes.</summary>
internal sealed record WorkerDocument
{
    public long Key { get; init; }

    public Guid Id { get; init; }

    public IReadOnlyList<string> Activities { get; init; } = [];

    /// <summary>Workflows that it has code for; null for all.</summary>
    public IReadOnlyList<WorkflowCode>? Workflows { get; init; }

    public TimeSpan Lease { get; init; }

    public Instant LeaseUntil { get; init; }

    /// <summary>When it was marked dead, or never.</summary>
    public Instant DiedAt { get; init; }

    public IReadOnlyList<LaneDocument> Lanes { get; init; } = [];

    public static WorkerDocument Of(WorkerRow row) => new()
    {
        Key = row.Key, Id = row.Id, Activities = [.. row.Activities], Workflows = row.Workflows is { } codes ? [.. codes] : null, Lease = row.Lease, LeaseUntil = row.LeaseUntil, DiedAt = row.DiedAt,
        Lanes = Array.ConvertAll(row.Lanes, static lane => new LaneDocument(lane.LastGroup, lane.Barrier)),
    };

    public WorkerRow ToRow()
    {
        var row = new WorkerRow(Key, new WorkerRegistration(Id, "", Lanes.Count - 1, Lease) { Activities = Activities, Workflows = Workflows }) { LeaseUntil = LeaseUntil };
        for (var i = 0; i < Lanes.Count; i++) (row.Lanes[i].LastGroup, row.Lanes[i].Barrier) = (Lanes[i].LastGroup, Lanes[i].Barrier);
        if (!DiedAt.IsNever) row.MarkDead(DiedAt);
        return row;
    }
}
