using Perdure.Authoring;

namespace Perdure;

/// <summary>Options of one start. They win over those of the workflow. Immutable.</summary>
public sealed record StartOptions
{
    /// <summary>The run's id, 1 to 200 characters. It acts as a key for as long as the run exists; when that has been deleted, the id is free.</summary>
    /// <value>Default: a time-ordered UUID, 32 lower-case hex characters.</value>
    public string? Id { get; init; }

    /// <summary>Makes the start idempotent: a second one with this key finds the first. 1 to 255 characters, case-sensitive.</summary>
    /// <value>Default: none.</value>
    public string? Key { get; init; }

    /// <summary>
    /// How long <see cref="Key"/> belongs to the run, 1 s to 10 years, counted from the start on the store's clock, also of a run that is due later. Then the key is free for another
    /// start, whatever has become of the run; until then it is remembered, also when the run was deleted. A run that goes on in this one's place has the key for what is left.
    /// </summary>
    /// <value>Default: as long as the run exists, and 7 days (<see cref="PerdureDefaults.KeyTtl"/>) from its deletion on.</value>
    public TimeSpan? KeyTtl { get; init; }

    /// <summary>What a start does when its key or id is taken by a run of the same workflow and input.</summary>
    /// <value>Default: <see cref="ConflictPolicy.UseExisting"/>.</value>
    public ConflictPolicy OnConflict { get; init; }

    /// <summary>The queue; a worker that serves it takes the run.</summary>
    /// <value>Default: the workflow's, else <c>default</c>.</value>
    public string? Queue { get; init; }

    /// <summary>The priority within the queue, -1000 to 1000, higher first.</summary>
    /// <value>Default: the workflow's, else 0.</value>
    public int? Priority { get; init; }

    /// <summary>The run is not taken before this instant; one in the past means now. Give this or <see cref="Delay"/>.</summary>
    /// <value>Default: now.</value>
    public DateTimeOffset? ScheduledAt { get; init; }

    /// <summary>The run is not taken before so much time has passed on the store's clock. Give this or <see cref="ScheduledAt"/>.</summary>
    /// <value>Default: none.</value>
    public TimeSpan? Delay { get; init; }

    /// <summary>
    /// What the run counts under where its queue has a limit for each key (<see cref="QueueSettings.MaxPerKey"/>): a tenant, an account. 1 to 255 characters, case-sensitive. Without
    /// such a limit it changes nothing; it may be set later. Runs that go on in this one's place keep it.
    /// </summary>
    /// <value>Default: none.</value>
    public string? ConcurrencyKey { get; init; }

    /// <summary>
    /// How long the run may wait for a worker from the time on at which it is due, 1 ms to 10 years. Unless one has taken it by then, it ends as TimedOut without any of its code having run,
    /// also while its queue is paused, full, or served by nobody.
    /// </summary>
    /// <value>Default: no limit.</value>
    public TimeSpan? StartWithin { get; init; }

    /// <summary>
    /// How long the run may take, over all attempts, from its creation or <see cref="ScheduledAt"/>. Then it gets a cancellation.
    /// </summary>
    /// <value>Default: the workflow's, else no limit.</value>
    public TimeSpan? RunTimeout { get; init; }

    /// <summary>When and how often a failed workflow is attempted again; finished steps are not repeated.</summary>
    /// <value>Default: the workflow's, else 1 attempt.</value>
    public RetryPolicy? Retry { get; init; }

    /// <summary>How often the run may lose its worker without progress before it is blocked: see <see cref="WorkflowOptions.MaxCrashes"/>.</summary>
    /// <value>Default: the workflow's, else 5.</value>
    public int? MaxCrashes { get; init; }

    /// <summary>How closely a replay of the run is compared with its history.</summary>
    /// <value>Default: the workflow's, else <see cref="DeterminismMode.Default"/>.</value>
    public DeterminismMode? Determinism { get; init; }

    /// <summary>Whether a cancellation of the run, and its timeout, undo what its sagas did: see <see cref="WorkflowOptions.CompensateOnCancel"/>.</summary>
    /// <value>Default: the workflow's, else true, for pipelines false.</value>
    public bool? CompensateOnCancel { get; init; }

    /// <summary>
    /// The build that the run is pinned to, 1 to 255 characters: only its workers drive it, and those that take its runs over; see <see cref="WorkflowOptions.PinToBuild"/>. So a
    /// process without the workflow's code pins what it starts, and a new build is tried with some runs before it gets the others.
    /// </summary>
    /// <value>Default: where the workflow pins its runs the build of this process, else none.</value>
    public string? Build { get; init; }

    /// <summary>
    /// Tags to find the run by, added to the workflow's: at most 16 in all, names up to 64 and values up to 256 characters.
    /// </summary>
    /// <value>Default: none.</value>
    public IReadOnlyDictionary<string, string>? Tags { get; init; }

    /// <summary>Anything to keep with the run and to read back, at most 64 KiB. The engine does not look at it.</summary>
    /// <value>Default: none.</value>
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    /// <summary>
    /// Starts by name a workflow that this process does not register, for another process to run. Its input is then not checked against a
    /// type.
    /// </summary>
    /// <value>Default: false; an unknown name is refused.</value>
    public bool AllowRemote { get; init; }

    /// <summary>
    /// Runs the same code without the store: nothing is recorded beyond this process, no other process sees the run, and it ends with the process. Steps are retried, sleeps
    /// are waited for, and the handle that the start returns waits, signals and cancels; histories have no limit. Its children are transient too.
    /// </summary>
    /// <value>Default: the workflow's <see cref="WorkflowOptions.Durable"/>, else <see cref="PerdureOptions.DefaultDurable"/>.</value>
    public bool? Transient { get; init; }

    /// <summary>What the workflow's own options say, with this start's over them.</summary>
    internal WorkflowOptions Over(WorkflowOptions? workflow) => new WorkflowOptions
    {
        Queue = Queue,
        Priority = Priority,
        RunTimeout = RunTimeout,
        Retry = Retry,
        Tags = Tags,
        MaxCrashes = MaxCrashes,
        Determinism = Determinism,
        CompensateOnCancel = CompensateOnCancel,
        Durable = !Transient,
    }.Over(workflow ?? new WorkflowOptions());

    internal void Validate()
    {
        if (Id is not null) Names.ValidateRunId(Id);
        if (Key is not null) Names.ValidateKey(Key);
        OptionRules.CheckKeyTtl("StartOptions.KeyTtl", KeyTtl, Key);
        OptionRules.CheckDefined("StartOptions.OnConflict", OnConflict);
        if (Queue is not null) Names.Validate(NameKind.Queue, Queue);
        OptionRules.CheckPriority("StartOptions.Priority", Priority);
        OptionRules.CheckLimit("StartOptions.RunTimeout", RunTimeout);
        if (ConcurrencyKey is not null) Names.ValidateKey(ConcurrencyKey);
        if (StartWithin is { } within && (within < TimeSpan.FromMilliseconds(1) || within > PerdureDefaults.MaxSleep))
            throw new InvalidOptionException("StartOptions.StartWithin", $"A run waits for a worker for 1 ms to 10 years, not {Durations.Format(within)}.");
        if (Build is not null) OptionRules.CheckBuild("StartOptions.Build", Build);
        OptionRules.CheckTags("StartOptions.Tags", Tags);
        OptionRules.CheckMetadata("StartOptions.Metadata", Metadata);
        Retry?.Validate();
        OptionRules.CheckMaxCrashes("StartOptions.MaxCrashes", MaxCrashes);
        if (Determinism is { } mode) OptionRules.CheckDefined("StartOptions.Determinism", mode);
        if (ScheduledAt is not null && Delay is not null)
            throw new InvalidOptionException("StartOptions.Delay", "Give ScheduledAt or Delay, not both.");
        if (Delay is { } delay && (delay < TimeSpan.Zero || delay > PerdureDefaults.MaxSleep))
            throw new InvalidOptionException("StartOptions.Delay", $"A delay lasts 0 to 10 years, not {Durations.Format(delay)}.");
    }
}
