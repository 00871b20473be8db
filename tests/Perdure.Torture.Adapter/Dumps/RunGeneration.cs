namespace Perdure.Torture.Adapter.Dumps;

/// <summary>One run of a chain, and its history.</summary>
internal sealed record RunGeneration(RunInfo Run, IReadOnlyList<HistoryEvent> History);
