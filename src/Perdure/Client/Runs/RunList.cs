namespace Perdure;

/// <summary>A page of runs, newest first. Immutable.</summary>
/// <param name="Runs">The runs.</param>
/// <param name="Next">Give it to <see cref="RunFilter.After"/> for the next page; null when this was the last.</param>
public sealed record RunList(IReadOnlyList<RunSummary> Runs, string? Next);
