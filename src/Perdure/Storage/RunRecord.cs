namespace Perdure.Storage;

/// <summary>The row of a run.</summary>
public sealed record RunRecord
{
    /// <summary>Key.</summary>
    public required long Key { get; init; }

    /// <summary>Public id.</summary>
    public required string Id { get; init; }

    /// <summary>Name of the workflow.</summary>
    public required string Workflow { get; init; }

    /// <summary>Version of the workflow.</summary>
    public required int Version { get; init; }

    /// <inheritdoc cref="RunBirth.Build"/>
    public string? Build { get; init; }

    /// <summary>Queue.</summary>
    public required string Queue { get; init; }

    /// <summary>Priority.</summary>
    public required int Priority { get; init; }

    /// <summary>Status.</summary>
    public required RunStatus Status { get; init; }

    /// <summary>Phase.</summary>
    public required RunPhase Phase { get; init; }

    /// <summary>The worker that owns the run, or 0.</summary>
    public required long Owner { get; init; }

    /// <summary>Rises with every claim.</summary>
    public required int Term { get; init; }

    /// <summary>How many events its row knows of; a claim counts the events themselves.</summary>
    public required int Events { get; init; }

    /// <summary>How many messages have ever arrived.</summary>
    public required long Inbox { get; init; }

    /// <summary>How many signals nobody has taken: unread ones, and those that the run held when its row was last written.</summary>
    public int Signals { get; init; }

    /// <summary>When it is due if nobody owns it.</summary>
    public required Instant DueAt { get; init; }

    /// <summary>Losses of a worker since the last progress.</summary>
    public required int Crashes { get; init; }

    /// <summary>Losses of a worker ever.</summary>
    public required int Losses { get; init; }

    /// <summary>Losses in a row that block it.</summary>
    public required int MaxCrashes { get; init; }

    /// <summary>Creation.</summary>
    public required Instant CreatedAt { get; init; }

    /// <summary>Last change of the row.</summary>
    public required Instant UpdatedAt { get; init; }

    /// <summary>End, or never.</summary>
    public Instant ClosedAt { get; init; } = Instant.Never;

    /// <summary>End of the run timeout, or never.</summary>
    public Instant Deadline { get; init; } = Instant.Never;

    /// <summary>Replay rules of its history.</summary>
    public required int EngineSemantics { get; init; }

    /// <summary>Start key, or null.</summary>
    public string? StartKey { get; init; }

    /// <summary>Unless it was taken until then, it expires; never once it was reopened.</summary>
    public Instant StartDeadline { get; init; } = Instant.Never;

    /// <summary>What a limit of its queue for each key counts it under, or null.</summary>
    public string? ConcurrencyKey { get; init; }

    /// <summary>Whether its owner holds it under a limit of its queue, and should give it back as soon as it only waits.</summary>
    public bool HoldsSlot { get; init; }

    /// <summary>Options, JSON.</summary>
    public ReadOnlyMemory<byte> Options { get; init; }

    /// <summary>Input, JSON.</summary>
    public ReadOnlyMemory<byte> Input { get; init; }

    /// <summary>Result, JSON; empty for none.</summary>
    public ReadOnlyMemory<byte> Result { get; init; }

    /// <summary>Failure, JSON; empty for none.</summary>
    public ReadOnlyMemory<byte> Failure { get; init; }

    /// <summary>What it waits for, JSON; empty for nothing.</summary>
    public ReadOnlyMemory<byte> Waiting { get; init; }

    /// <summary>Published state, JSON object; empty for none.</summary>
    public ReadOnlyMemory<byte> Published { get; init; }

    /// <summary>Data of the run, JSON object; empty for none.</summary>
    public ReadOnlyMemory<byte> Data { get; init; }

    /// <summary>Tags; empty for none.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = NoTags;

    private static readonly IReadOnlyDictionary<string, string> NoTags = new Dictionary<string, string>();
}

/// <summary>Names one run: by id, by start key or by key. Exactly one is set.</summary>
/// <param name="Id">Public id.</param>
/// <param name="StartKey">Start key.</param>
/// <param name="Key">Key.</param>
public readonly record struct RunSelector(string? Id = null, string? StartKey = null, long Key = 0);
