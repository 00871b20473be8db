namespace Perdure.Storage;

/// <summary>A run to be created: everything of its row that its starter decides.</summary>
public sealed record RunBirth
{
    /// <summary>Key from a reserved block.</summary>
    public required long Key { get; init; }

    /// <summary>Public id: the caller's, or a time-ordered one. Unique for ever.</summary>
    public required string Id { get; init; }

    /// <summary>Whether the caller chose the id, so that another start may already hold it.</summary>
    public bool ChosenId { get; init; }

    /// <summary>Name of the workflow.</summary>
    public required string Workflow { get; init; }

    /// <summary>Version of the workflow.</summary>
    public required int Version { get; init; }

    /// <summary>The build whose workers alone may drive the run, or null for any that has its workflow and version.</summary>
    public string? Build { get; init; }

    /// <summary>Queue from which a worker takes the run.</summary>
    public required string Queue { get; init; }

    /// <summary>Higher is taken first.</summary>
    public int Priority { get; init; }

    /// <summary>Creation time on the store's clock.</summary>
    public required Instant CreatedAt { get; init; }

    /// <summary>Not taken before this instant.</summary>
    public required Instant DueAt { get; init; }

    /// <summary>Unless a worker has taken it until then, it expires: it is taken past all limits of its queue, only to be ended.</summary>
    public Instant StartDeadline { get; init; } = Instant.Never;

    /// <summary>What a limit of its queue for each key counts it under, or null.</summary>
    public string? ConcurrencyKey { get; init; }

    /// <summary>End of the run timeout, or <see cref="Instant.Never"/>.</summary>
    public Instant Deadline { get; init; } = Instant.Never;

    /// <summary>Key that makes the start idempotent, or null.</summary>
    public string? StartKey { get; init; }

    /// <summary>
    /// From when on the start key is free for another start, whatever became of the run; <see cref="Instant.Never"/>: as long as the run exists, and
    /// <see cref="PerdureDefaults.KeyTtl"/> from its deletion on.
    /// </summary>
    public Instant KeyFreeAt { get; init; } = Instant.Never;

    /// <summary>What happens when the key or the chosen id is taken.</summary>
    public ConflictPolicy OnConflict { get; init; }

    /// <summary>Hash of the canonical input: equal inputs under one key or chosen id are the same start. Empty if the caller chose neither.</summary>
    public required ReadOnlyMemory<byte> InputHash { get; init; }

    /// <summary>Input, JSON in UTF-8.</summary>
    public required ReadOnlyMemory<byte> Input { get; init; }

    /// <summary>The run's options, JSON in UTF-8; read by the engine only.</summary>
    public ReadOnlyMemory<byte> Options { get; init; }

    /// <summary>Tags to find the run by.</summary>
    public IReadOnlyDictionary<string, string>? Tags { get; init; }

    /// <summary>How many losses in a row block the run.</summary>
    public int MaxCrashes { get; init; }

    /// <summary>Version of the replay rules under which the history is written.</summary>
    public required int EngineSemantics { get; init; }

    /// <summary>The first events (at least WorkflowStarted), from sequence 0.</summary>
    public required EventBatch Events { get; init; }
}

/// <summary>What became of a birth.</summary>
public enum BirthVerdict
{
    /// <summary>The bundle had no birth.</summary>
    None,
    /// <summary>The run exists and is this start's own.</summary>
    Created,
    /// <summary>The key or id is held by an equal start; the answer names that run.</summary>
    Existing,
    /// <summary>The key or id is held by an equal start and the policy was <see cref="ConflictPolicy.Fail"/>.</summary>
    AlreadyExists,
    /// <summary>The key or id is held by a start of another workflow or with another input.</summary>
    KeyConflict,
}

/// <summary>Answer to a birth.</summary>
/// <param name="Verdict">What became of it.</param>
/// <param name="Key">Key of the run that holds the key or id.</param>
/// <param name="Id">Its public id.</param>
/// <param name="Status">Its status. <see langword="null"/> when the run was deleted and only its key is remembered.</param>
public readonly record struct BirthOutcome(BirthVerdict Verdict, long Key, string? Id, RunStatus? Status);
