namespace Perdure;

/// <summary>Why something was not done to a run. Immutable.</summary>
/// <param name="RunId">The run.</param>
/// <param name="Reason">The reason under which it is counted.</param>
/// <param name="Detail">For people.</param>
public sealed record BulkProblem(string RunId, string Reason, string Detail);
