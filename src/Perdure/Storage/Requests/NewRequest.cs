namespace Perdure.Storage;

/// <summary>A request that a run opens, or opens again. One operation has one request at a time.</summary>
public sealed record NewRequest
{
    /// <summary>Operation of the run that made it.</summary>
    public required int Operation { get; init; }

    /// <summary>
    /// Sequence of the event that made it: tells it from an earlier request of the same operation. One that is opened again under its number keeps its answers.
    /// </summary>
    public required int Number { get; init; }

    /// <summary>What it is.</summary>
    public required RequestKind Kind { get; init; }

    /// <summary>Its name in the run.</summary>
    public required string Name { get; init; }

    /// <summary>SHA-256 of the token that addresses it; empty for none. Unique in the store.</summary>
    public ReadOnlyMemory<byte> TokenHash { get; init; }

    /// <summary>From then on it takes no answers, or never.</summary>
    public Instant ExpiresAt { get; init; } = Instant.Never;

    /// <summary>How many answers it takes.</summary>
    public int MaxAnswers { get; init; } = 1;

    /// <summary>Whom it is meant for, or null.</summary>
    public string? Assignee { get; init; }

    /// <summary>What an answer must look like and what to show to people, JSON; read by the engine only.</summary>
    public ReadOnlyMemory<byte> Description { get; init; }
}

/// <summary>What a bundle does to the requests of its run. First requests are opened, then withdrawn, then they expire.</summary>
public sealed record RequestChanges
{
    /// <summary>Operations whose pending requests nobody waits for any more.</summary>
    public IReadOnlyList<int> Withdrawn { get; init; } = [];

    /// <summary>
    /// Operations whose requests shall expire. Soft: one that has been answered does not; <see cref="BundleOutcome.ExpiredRequests"/> names those that have, by this bundle or
    /// an earlier one.
    /// </summary>
    public IReadOnlyList<int> Expiring { get; init; } = [];

    /// <summary>Requests to open.</summary>
    public IReadOnlyList<NewRequest> Opened { get; init; } = [];
}
