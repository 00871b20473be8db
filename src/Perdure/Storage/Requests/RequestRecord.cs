namespace Perdure.Storage;

/// <summary>The row of a request.</summary>
public sealed record RequestRecord
{
    /// <summary>Key of the run.</summary>
    public required long Run { get; init; }

    /// <summary>Public id of the run.</summary>
    public required string RunId { get; init; }

    /// <summary>Operation that made it.</summary>
    public required int Operation { get; init; }

    /// <summary>Sequence of the event that made it.</summary>
    public required int Number { get; init; }

    /// <summary>What it is.</summary>
    public required RequestKind Kind { get; init; }

    /// <summary>Its name in the run.</summary>
    public required string Name { get; init; }

    /// <summary>Where it stands.</summary>
    public required RequestState State { get; init; }

    /// <summary>When it was opened.</summary>
    public required Instant CreatedAt { get; init; }

    /// <summary>From then on it takes no answers, or never.</summary>
    public required Instant ExpiresAt { get; init; }

    /// <summary>How many answers it takes.</summary>
    public required int MaxAnswers { get; init; }

    /// <summary>How many it has.</summary>
    public required int Answers { get; init; }

    /// <summary>When it was answered last, or never.</summary>
    public Instant AnsweredAt { get; init; } = Instant.Never;

    /// <summary>Whom it is meant for, or null.</summary>
    public string? Assignee { get; init; }

    /// <summary>Description, JSON.</summary>
    public ReadOnlyMemory<byte> Description { get; init; }
}

/// <summary>A place in a list of requests: the last one that was shown.</summary>
/// <param name="ExpiresAt">When it expires.</param>
/// <param name="Run">Key of its run.</param>
/// <param name="Operation">Its operation.</param>
public sealed record RequestCursor(Instant ExpiresAt, long Run, int Operation);

/// <summary>Which requests to read: in the order in which they expire, then by run and operation.</summary>
public sealed record RequestQuery
{
    /// <summary>Only of this kind; null for all.</summary>
    public RequestKind? Kind { get; init; }

    /// <summary>Only in this state; null for all.</summary>
    public RequestState? State { get; init; }

    /// <summary>Only of the run with this public id; null for all.</summary>
    public string? RunId { get; init; }

    /// <summary>Only of this name; null for all.</summary>
    public string? Name { get; init; }

    /// <summary>Only meant for this person; null for all.</summary>
    public string? Assignee { get; init; }

    /// <summary>Only the one whose token has this SHA-256; empty for all.</summary>
    public ReadOnlyMemory<byte> TokenHash { get; init; }

    /// <summary>Only those that expire within this time from now on the store's clock; null for all.</summary>
    public TimeSpan? ExpiringWithin { get; init; }

    /// <summary>At most so many.</summary>
    public required int Limit { get; init; }

    /// <summary>Only behind this place; null from the beginning.</summary>
    public RequestCursor? After { get; init; }
}

/// <summary>A page of requests.</summary>
/// <param name="Requests">The requests.</param>
/// <param name="Next">Where the next page begins; null at the end.</param>
public sealed record RequestPage(IReadOnlyList<RequestRecord> Requests, RequestCursor? Next);
