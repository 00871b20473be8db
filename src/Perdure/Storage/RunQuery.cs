namespace Perdure.Storage;

/// <summary>Filter of a list of runs. Members that are null or empty do not filter.</summary>
public sealed record RunQuery
{
    /// <summary>Name of the workflow.</summary>
    public string? Workflow { get; init; }

    /// <summary>Whether the engine's own runs are left out: those of workflows whose names begin with an underscore.</summary>
    public bool OmitsEngineRuns { get; init; }

    /// <summary>Statuses, any of them.</summary>
    public IReadOnlyList<RunStatus> Statuses { get; init; } = [];

    /// <summary>Queue.</summary>
    public string? Queue { get; init; }

    /// <summary>Tags, all of them; a null value asks only for the name.</summary>
    public IReadOnlyDictionary<string, string?>? Tags { get; init; }

    /// <summary>Created at or after.</summary>
    public Instant CreatedFrom { get; init; } = Instant.Earliest;

    /// <summary>Created before.</summary>
    public Instant CreatedTo { get; init; } = Instant.Never;

    /// <summary>Row last changed at or after.</summary>
    public Instant? UpdatedFrom { get; init; }

    /// <summary>Row last changed before.</summary>
    public Instant? UpdatedTo { get; init; }

    /// <summary>Closed at or after. A live run is neither before nor after.</summary>
    public Instant? ClosedFrom { get; init; }

    /// <summary>Closed before.</summary>
    public Instant? ClosedTo { get; init; }

    /// <summary>How <see cref="RunRecord.Waiting"/> begins, as UTF-8.</summary>
    public string? WaitingPrefix { get; init; }

    /// <summary>Contained in the workflow's name, the public id or the start key. Of the letters A to Z the case does not count; all other characters stand for themselves.</summary>
    public string? Text { get; init; }

    /// <summary>Public id of the parent: its children only.</summary>
    public string? Parent { get; init; }

    /// <summary>Public id of the run at the top of the tree: all that descend from it, without itself.</summary>
    public string? Root { get; init; }

    /// <summary>Whether children are left out. Runs that the engine's own runs have started, as those of schedules do, are none; nor are those whose parent was deleted.</summary>
    public bool TopLevelOnly { get; init; }

    /// <summary>Start of the public id.</summary>
    public string? IdPrefix { get; init; }

    /// <summary>At most this many.</summary>
    public int Limit { get; init; } = 50;

    /// <summary>Continue behind this place of the order (created descending, then id descending); null from the newest.</summary>
    public RunCursor? After { get; init; }
}

/// <summary>A place in the order of a list.</summary>
/// <param name="CreatedAt">Creation of the last run seen.</param>
/// <param name="Id">Id of the last run seen.</param>
public sealed record RunCursor(Instant CreatedAt, string Id);

/// <summary>A page of a list.</summary>
/// <param name="Runs">Summaries, newest first.</param>
/// <param name="Next">Where the next page begins, or null at the end.</param>
public sealed record RunPage(IReadOnlyList<RunSummaryRecord> Runs, RunCursor? Next);

/// <summary>A run in a list; without payloads.</summary>
public sealed record RunSummaryRecord(
    string Id, string Workflow, int Version, RunStatus Status, RunPhase Phase, string Queue, int Priority,
    Instant CreatedAt, Instant UpdatedAt, Instant ClosedAt, Instant DueAt, string? StartKey, IReadOnlyDictionary<string, string> Tags);
