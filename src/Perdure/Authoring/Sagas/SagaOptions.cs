namespace Perdure;

/// <summary>How a saga undoes what it did. Immutable.</summary>
public sealed record SagaOptions
{
    /// <summary>
    /// Whether a cancellation or the run timeout undoes as well. With false only a failure does, and what was done stays done when the run is
    /// stopped.
    /// </summary>
    /// <value>Default: what the run was started with (<see cref="WorkflowOptions.CompensateOnCancel"/>), else true.</value>
    public bool? CompensateOnCancel { get; init; }
}
