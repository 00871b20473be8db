namespace Perdure;

/// <summary>What became of one undo of a saga. Immutable.</summary>
/// <param name="Step">Name of the step (or activity) that was to be undone; null when none had completed before the undo was registered.</param>
/// <param name="Undo">Name of the undo.</param>
/// <param name="Status">Whether it worked.</param>
/// <param name="Attempts">How many attempts were made.</param>
/// <param name="Error">Why it failed; null when it worked.</param>
public sealed record CompensationResult(string? Step, string Undo, CompensationStatus Status, int Attempts, RunError? Error = null);
