namespace Perdure.Pipelines;

/// <summary>How a branch of a parallel block ended.</summary>
/// <param name="IsCompleted">Whether it came to its end.</param>
/// <param name="Data">The run's data as the branch saw it at its end, with its own changes.</param>
/// <param name="Error">Why it failed; null when it completed.</param>
public sealed record BranchOutcome(bool IsCompleted, RunDataView Data, RunError? Error);
