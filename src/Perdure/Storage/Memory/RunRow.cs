namespace Perdure.Storage.Memory;

/// <summary>
/// A run with everything that belongs to it. Owner and due instant are changed through <see cref="RunTable"/>, which indexes them.
/// </summary>
internal sealed class RunRow(RunBirth birth, Instant now)
{
    /// <summary>The parts that never change.</summary>
    public RunBirth Birth { get; } = birth;

    public long Key => Birth.Key;

    /// <summary>Whether its workflow is one of the engine's own.</summary>
    public bool IsOfEngine => Birth.Workflow.StartsWith('_');

    public RunStatus Status { get; set; } = RunStatus.Pending;

    public RunPhase Phase { get; set; }

    public long Owner { get; set; }

    /// <summary>Whether a worker has met it that cannot drive it, so that only those meet it who can. Changed through <see cref="RunTable"/>.</summary>
    public bool IsAside { get; set; }

    /// <summary>What it needs its worker to have.</summary>
    public WorkflowCode Code => new(Birth.Workflow, Birth.Version, Birth.Build);

    public int Term { get; set; }

    /// <summary>Number of the claim that gave the run to its owner; 0 when it was born owned.</summary>
    public long Claim { get; set; }

    public Instant DueAt { get; set; } = birth.DueAt;

    /// <summary>Unless it was taken until then, it expires; never once it was reopened.</summary>
    public Instant StartDeadline { get; set; } = birth.StartDeadline;

    /// <summary>Whether its owner, if it has one, holds it under a limit of its queue. Changed through <see cref="RunTable"/>.</summary>
    public bool HoldsSlot { get; set; }

    public int Crashes { get; set; }

    public int Losses { get; set; }

    public Instant UpdatedAt { get; set; } = now;

    public Instant ClosedAt { get; set; } = Instant.Never;

    public ReadOnlyMemory<byte> Result { get; set; }

    public ReadOnlyMemory<byte> Failure { get; set; }

    public ReadOnlyMemory<byte> Waiting { get; set; }

    public ReadOnlyMemory<byte> Published { get; set; }

    public ReadOnlyMemory<byte> Data { get; set; }

    /// <summary>How many events the row knows of; bundles that only append leave it behind <see cref="EventCount"/>.</summary>
    public int Events { get; set; }

    /// <summary>How many events there are.</summary>
    public int EventCount { get; private set; }

    public List<EventBatch> History { get; } = [];

    public MessageBox Inbox { get; } = new();

    /// <summary>Signals that nobody has taken, as far as the row knows.</summary>
    public int Signals { get; set; }

    /// <summary>The start key that leads, or has led, to it.</summary>
    public string? StartKey { get; set; } = birth.StartKey;

    /// <summary>Its place in a chain; null for a run that stands alone.</summary>
    public ChainLink? Chain { get; set; }

    /// <summary>What it is to its parent; null for a run that is no child.</summary>
    public FamilyTie? Tie { get; set; }

    /// <summary>By operation; null while there never was one.</summary>
    public SortedDictionary<int, TaskRow>? Tasks { get; set; }

    /// <summary>By operation; null while there never was one.</summary>
    public SortedDictionary<int, RequestRow>? Requests { get; set; }

    public bool IsOwnedBy(long worker, int term) => Owner == worker && Term == term;

    public void Append(in EventBatch batch)
    {
        if (batch.Count == 0) return;
        History.Add(batch);
        EventCount = batch.End;
    }

    /// <summary>Takes over that there are so many events, which are kept elsewhere.</summary>
    public void CountEvents(int count)
    {
        History.Clear();
        EventCount = count;
    }

    /// <summary>The row was written: it knows all its events again.</summary>
    public void Touch(Instant now)
    {
        Events = EventCount;
        UpdatedAt = now;
    }

    public RunRecord ToRecord() => new()
    {
        Key = Key,
        Id = Birth.Id,
        Workflow = Birth.Workflow,
        Version = Birth.Version,
        Build = Birth.Build,
        Queue = Birth.Queue,
        Priority = Birth.Priority,
        Status = Status,
        Phase = Phase,
        Owner = Owner,
        Term = Term,
        Events = Events,
        Inbox = Inbox.Counter,
        Signals = Signals,
        DueAt = DueAt,
        Crashes = Crashes,
        Losses = Losses,
        MaxCrashes = Birth.MaxCrashes,
        CreatedAt = Birth.CreatedAt,
        UpdatedAt = UpdatedAt,
        ClosedAt = ClosedAt,
        Deadline = Birth.Deadline,
        EngineSemantics = Birth.EngineSemantics,
        StartKey = StartKey,
        StartDeadline = StartDeadline,
        ConcurrencyKey = Birth.ConcurrencyKey,
        HoldsSlot = Owner != 0 && HoldsSlot,
        Options = Birth.Options,
        Input = Birth.Input,
        Result = Result,
        Failure = Failure,
        Waiting = Waiting,
        Published = Published,
        Data = Data,
        Tags = Birth.Tags ?? NoTags,
    };

    public RunSummaryRecord ToSummary() => new(
        Birth.Id, Birth.Workflow, Birth.Version, Status, Phase, Birth.Queue, Birth.Priority,
        Birth.CreatedAt, UpdatedAt, ClosedAt, DueAt, StartKey, Birth.Tags ?? NoTags);

    private static readonly IReadOnlyDictionary<string, string> NoTags = new Dictionary<string, string>();
}
