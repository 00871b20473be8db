namespace Perdure;

/// <summary>Names a workflow class and sets its options. Options given at registration or at a start win over these.</summary>
/// <param name="name">The name; default: the class name without <c>Workflow</c>, in kebab-case.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class WorkflowAttribute(string? name = null) : Attribute
{
    private int? _priority;
    private int? _maxAttempts;
    private int? _maxRetries;
    private int? _maxCrashes;
    private DeterminismMode? _determinism;
    private bool? _compensateOnCancel;
    private ParentClosePolicy? _parentClosePolicy;
    private bool? _durable;
    private bool? _pinToBuild;

    /// <summary>The name; null for the default.</summary>
    public string? Name { get; } = name;

    /// <summary>The version, from 1 (the default). Several may be registered side by side; a run stays with its own.</summary>
    public int Version { get; set; } = 1;

    /// <inheritdoc cref="WorkflowOptions.Queue"/>
    public string? Queue { get; set; }

    /// <inheritdoc cref="WorkflowOptions.Priority"/>
    public int Priority { get => _priority ?? PerdureDefaults.Priority; set => _priority = value; }

    /// <summary>How long a run may take, as text: <c>"2h"</c>. Default: no limit.</summary>
    public string? RunTimeout { get; set; }

    /// <summary>Attempts of the whole workflow (default 1); finished steps are not repeated.</summary>
    public int MaxAttempts { get => _maxAttempts ?? PerdureDefaults.RunMaxAttempts; set => _maxAttempts = value; }

    /// <summary>Attempts after the first; give this or <see cref="MaxAttempts"/>.</summary>
    public int MaxRetries { get => _maxRetries ?? PerdureDefaults.RunMaxAttempts - 1; set => _maxRetries = value; }

    /// <inheritdoc cref="WorkflowOptions.MaxCrashes"/>
    public int MaxCrashes { get => _maxCrashes ?? PerdureDefaults.MaxCrashes; set => _maxCrashes = value; }

    /// <inheritdoc cref="WorkflowOptions.Determinism"/>
    public DeterminismMode Determinism { get => _determinism ?? DeterminismMode.Default; set => _determinism = value; }

    /// <inheritdoc cref="WorkflowOptions.CompensateOnCancel"/>
    public bool CompensateOnCancel { get => _compensateOnCancel ?? true; set => _compensateOnCancel = value; }

    /// <inheritdoc cref="WorkflowOptions.ParentClosePolicy"/>
    public ParentClosePolicy ParentClosePolicy { get => _parentClosePolicy ?? ParentClosePolicy.RequestCancel; set => _parentClosePolicy = value; }

    /// <inheritdoc cref="WorkflowOptions.Durable"/>
    public bool Durable { get => _durable ?? true; set => _durable = value; }

    /// <inheritdoc cref="WorkflowOptions.PinToBuild"/>
    public bool PinToBuild { get => _pinToBuild ?? false; set => _pinToBuild = value; }

    /// <summary>Only what was written down: everything else stays open for the registration, the start and the defaults.</summary>
    internal WorkflowOptions ToOptions() => new()
    {
        Queue = Queue,
        Priority = _priority,
        RunTimeout = RunTimeout is null ? null : Durations.Parse(RunTimeout),
        Retry = RetryPolicy.FromCounts(_maxAttempts, _maxRetries),
        MaxCrashes = _maxCrashes,
        Determinism = _determinism,
        CompensateOnCancel = _compensateOnCancel,
        ParentClosePolicy = _parentClosePolicy,
        Durable = _durable,
        PinToBuild = _pinToBuild,
    };
}
