using Perdure.Authoring;

namespace Perdure;

/// <summary>Options of a child workflow. What is left null comes from the workflow's own options. Immutable.</summary>
public sealed record ChildOptions
{
    /// <summary>The child's id, 1 to 200 characters. If another run has it, the child fails with <see cref="ErrorCodes.AlreadyExists"/>.</summary>
    /// <value>Default: one that is made from the parent and the place of the call in its history.</value>
    public string? Id { get; init; }

    /// <summary>A start key, 1 to 255 characters. If another run has it, the child fails with <see cref="ErrorCodes.AlreadyExists"/>.</summary>
    /// <value>Default: none.</value>
    public string? Key { get; init; }

    /// <summary>How long <see cref="Key"/> belongs to the child, 1 s to 10 years, counted from its start; see <see cref="StartOptions.KeyTtl"/>.</summary>
    /// <value>Default: as long as the child exists, and 7 days from its deletion on.</value>
    public TimeSpan? KeyTtl { get; init; }

    /// <summary>The queue; a worker that serves it takes the child.</summary>
    /// <value>Default: the workflow's, else <c>default</c>.</value>
    public string? Queue { get; init; }

    /// <summary>The priority within the queue, -1000 to 1000, higher first.</summary>
    /// <value>Default: the workflow's, else 0.</value>
    public int? Priority { get; init; }

    /// <summary>What the child counts under where its queue has a limit for each key (<see cref="QueueSettings.MaxPerKey"/>). 1 to 255 characters, case-sensitive.</summary>
    /// <value>Default: none.</value>
    public string? ConcurrencyKey { get; init; }

    /// <summary>How long the child may wait for a worker, 1 ms to 10 years; then it ends as TimedOut without any of its code having run.</summary>
    /// <value>Default: no limit.</value>
    public TimeSpan? StartWithin { get; init; }

    /// <summary>How long the child may take, over all attempts, from its creation. Then it gets a cancellation.</summary>
    /// <value>Default: the workflow's, else no limit.</value>
    public TimeSpan? RunTimeout { get; init; }

    /// <summary>When and how often the child is attempted again when it fails; finished steps are not repeated.</summary>
    /// <value>Default: the workflow's, else 1 attempt.</value>
    public RetryPolicy? Retry { get; init; }

    /// <summary>The child's tags.</summary>
    /// <value>Default: those of the parent, over those of the workflow.</value>
    public IReadOnlyDictionary<string, string>? Tags { get; init; }

    /// <summary>What becomes of the child when its parent is cancelled or ends before it.</summary>
    /// <value>Default: for a detached child <see cref="Perdure.ParentClosePolicy.Abandon"/>; else the workflow's, else <see cref="Perdure.ParentClosePolicy.RequestCancel"/>.</value>
    public ParentClosePolicy? ParentClosePolicy { get; init; }

    /// <summary>Whether the child lives for itself: it goes on when its parent ends, unless <see cref="ParentClosePolicy"/> says otherwise.</summary>
    /// <value>Default: false.</value>
    public bool Detached { get; init; }

    /// <summary>How long <c>ChildAsync</c> waits for the child: a durable limit. Then it throws <see cref="WaitLimitException"/>, and the child goes on.</summary>
    /// <value>Default: no limit.</value>
    public TimeSpan? WaitLimit { get; init; }

    /// <summary>Whether the child is asked to cancel when <see cref="WaitLimit"/> passes.</summary>
    /// <value>Default: false.</value>
    public bool CancelOnTimeout { get; init; }

    /// <summary>
    /// Whether the child is not born past a message that its parent has not read: whoever was told that the parent's end is stored sees no further child. A schedule's starts are such.
    /// </summary>
    internal bool HeedsUnread { get; init; }

    /// <summary>What becomes of the child with its parent, when its workflow says <paramref name="workflow"/>.</summary>
    internal ParentClosePolicy PolicyInForce(ParentClosePolicy? workflow) =>
        ParentClosePolicy ?? (Detached ? Perdure.ParentClosePolicy.Abandon : workflow ?? Perdure.ParentClosePolicy.RequestCancel);

    /// <summary>What the workflow's own options say, with these over them.</summary>
    internal WorkflowOptions Over(WorkflowOptions? workflow, IReadOnlyDictionary<string, string> parentTags) => new WorkflowOptions
    {
        Queue = Queue, Priority = Priority, RunTimeout = RunTimeout, Retry = Retry,
        Tags = Tags ?? (parentTags.Count == 0 ? null : parentTags),
    }.Over(workflow ?? new WorkflowOptions());

    internal void Validate()
    {
        if (Id is not null) Names.ValidateRunId(Id);
        if (Key is not null) Names.ValidateKey(Key);
        OptionRules.CheckKeyTtl("ChildOptions.KeyTtl", KeyTtl, Key);
        if (Queue is not null) Names.Validate(NameKind.Queue, Queue);
        OptionRules.CheckPriority("ChildOptions.Priority", Priority);
        OptionRules.CheckLimit("ChildOptions.RunTimeout", RunTimeout);
        if (ConcurrencyKey is not null) Names.ValidateKey(ConcurrencyKey);
        if (StartWithin is { } within && (within < TimeSpan.FromMilliseconds(1) || within > PerdureDefaults.MaxSleep))
            throw new InvalidOptionException("ChildOptions.StartWithin", $"A child waits for a worker for 1 ms to 10 years, not {Durations.Format(within)}.");
        OptionRules.CheckTags("ChildOptions.Tags", Tags);
        if (ParentClosePolicy is { } policy) OptionRules.CheckDefined("ChildOptions.ParentClosePolicy", policy);
        Retry?.Validate();
        if (WaitLimit is { } limit && (limit < TimeSpan.Zero || limit > PerdureDefaults.MaxSleep))
            throw new InvalidOptionException("ChildOptions.WaitLimit", $"A wait limit lasts 0 to 10 years, not {Durations.Format(limit)}.");
        if (CancelOnTimeout && WaitLimit is null)
            throw new InvalidOptionException("ChildOptions.CancelOnTimeout", "CancelOnTimeout needs a WaitLimit: without one nothing times out.");
    }
}
