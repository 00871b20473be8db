namespace Perdure;

/// <summary>A run in a list: everything but its payloads. Immutable. All instants are on the store's clock.</summary>
public sealed record RunSummary
{
    /// <summary>The run's public id.</summary>
    public required string Id { get; init; }

    /// <summary>Name of its workflow.</summary>
    public required string Workflow { get; init; }

    /// <summary>Version of its workflow.</summary>
    public required int Version { get; init; }

    /// <summary>Where it stands.</summary>
    public required RunStatus Status { get; init; }

    /// <summary>What a live run is busy with besides.</summary>
    public required RunPhase Phase { get; init; }

    /// <summary>Its queue.</summary>
    public required string Queue { get; init; }

    /// <summary>Its priority.</summary>
    public required int Priority { get; init; }

    /// <summary>When it was created.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When its row last changed.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>When it ended; null while it is live.</summary>
    public DateTimeOffset? ClosedAt { get; init; }

    /// <summary>When it is due by itself: its next timer, retry or scheduled start. Null: only a message wakes it, or it has ended.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>The key that it was started with, if any.</summary>
    public string? Key { get; init; }

    /// <summary>Its tags.</summary>
    public required IReadOnlyDictionary<string, string> Tags { get; init; }
}
