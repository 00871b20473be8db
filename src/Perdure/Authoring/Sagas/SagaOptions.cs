namespace Perdure;

/// <summary>How a saga undoes what it did. Immutable.</summary>
public sealed record SagaOptions
{
    /// <summary>
    /// Whether a cancellation or the run timeout undoes as well (default true). With false only a failure does, and what was done stays done when the run is
    /// stopped.
    /// </summary>
    public bool CompensateOnCancel { get; init; } = true;
}
