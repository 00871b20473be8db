using Perdure.Authoring;

namespace Perdure;

/// <summary>
/// Options of a workflow, given at its registration. They win over <see cref="WorkflowAttribute"/>; those of a start win over them.
/// Immutable.
/// </summary>
public sealed record WorkflowOptions
{
    /// <summary>The queue; a worker that serves it takes the runs.</summary>
    /// <value>Default: <c>default</c>.</value>
    public string? Queue { get; init; }

    /// <summary>The priority within the queue, -1000 to 1000, higher first.</summary>
    /// <value>Default: 0.</value>
    public int? Priority { get; init; }

    /// <summary>
    /// How long a run may take, over all attempts, from its creation or <see cref="StartOptions.ScheduledAt"/>. Then it gets a
    /// cancellation.
    /// </summary>
    /// <value>Default: no limit.</value>
    public TimeSpan? RunTimeout { get; init; }

    /// <summary>When and how often a failed workflow is attempted again; finished steps are not repeated.</summary>
    /// <value>Default: 1 attempt.</value>
    public RetryPolicy? Retry { get; init; }

    /// <summary>
    /// Tags of every run, to find it by: at most 16, names up to 64 and values up to 256 characters. Those of a start are added.
    /// </summary>
    /// <value>Default: none.</value>
    public IReadOnlyDictionary<string, string>? Tags { get; init; }

    /// <summary>
    /// How often a run may lose its worker without progress before it is blocked; 0 blocks it at the first loss. From the second loss in a row on the run waits before it is
    /// taken again: 0.5 s, 1 s, 2 s, 4 s, then 8 s each time. A queued activity of the run that has lost as many workers in a row fails; with 0, at the first loss too.
    /// </summary>
    /// <value>Default: 5.</value>
    public int? MaxCrashes { get; init; }

    /// <summary>How closely a replay is compared with the recorded history.</summary>
    /// <value>Default: <see cref="DeterminismMode.Default"/>.</value>
    public DeterminismMode? Determinism { get; init; }

    /// <summary>
    /// Whether a cancellation of the run, and its timeout, undo what its sagas did. One that says so itself (<see cref="SagaOptions.CompensateOnCancel"/>) is not asked.
    /// </summary>
    /// <value>Default: true for <c>SagaAsync</c>; a pipeline's own choice for pipelines, which is false.</value>
    public bool? CompensateOnCancel { get; init; }

    /// <summary>What becomes of runs of this workflow that are children when their parent is cancelled or ends before them. That of the call wins.</summary>
    /// <value>Default: <see cref="Perdure.ParentClosePolicy.RequestCancel"/>; for a detached child <see cref="Perdure.ParentClosePolicy.Abandon"/>.</value>
    public ParentClosePolicy? ParentClosePolicy { get; init; }

    /// <summary>
    /// Whether runs are recorded in the store. One that is not lives in the memory of the process that started it and ends with it: see <see cref="StartOptions.Transient"/>.
    /// </summary>
    /// <value>Default: <see cref="PerdureOptions.DefaultDurable"/>.</value>
    public bool? Durable { get; init; }

    /// <summary>
    /// Whether a run stays with the build (<see cref="PerdureOptions.BuildId"/>) of the process that starts it: only workers of that build drive it, and those that take its runs over
    /// (<see cref="PerdureOptions.TakesOverBuilds"/>). Without one that is alive the run is blocked until there is one. A run whose starter has no code for the workflow is not pinned,
    /// unless it asks for a build itself (<see cref="StartOptions.Build"/>).
    /// </summary>
    /// <value>Default: false, every build that has the workflow and version may drive it.</value>
    public bool? PinToBuild { get; init; }

    /// <summary>These options where they say something, <paramref name="fallback"/> elsewhere.</summary>
    internal WorkflowOptions Over(WorkflowOptions fallback) => new()
    {
        Queue = Queue ?? fallback.Queue,
        Priority = Priority ?? fallback.Priority,
        RunTimeout = RunTimeout ?? fallback.RunTimeout,
        Retry = Retry ?? fallback.Retry,
        Tags = OptionRules.MergeTags(fallback.Tags, Tags),
        MaxCrashes = MaxCrashes ?? fallback.MaxCrashes,
        Determinism = Determinism ?? fallback.Determinism,
        CompensateOnCancel = CompensateOnCancel ?? fallback.CompensateOnCancel,
        ParentClosePolicy = ParentClosePolicy ?? fallback.ParentClosePolicy,
        Durable = Durable ?? fallback.Durable,
        PinToBuild = PinToBuild ?? fallback.PinToBuild,
    };

    internal void Validate()
    {
        if (Queue is not null) Names.Validate(NameKind.Queue, Queue);
        OptionRules.CheckPriority("WorkflowOptions.Priority", Priority);
        OptionRules.CheckLimit("WorkflowOptions.RunTimeout", RunTimeout);
        OptionRules.CheckTags("WorkflowOptions.Tags", Tags);
        Retry?.Validate();
        OptionRules.CheckMaxCrashes("WorkflowOptions.MaxCrashes", MaxCrashes);
        if (Determinism is { } mode) OptionRules.CheckDefined("WorkflowOptions.Determinism", mode);
        if (ParentClosePolicy is { } policy) OptionRules.CheckDefined("WorkflowOptions.ParentClosePolicy", policy);
    }
}
