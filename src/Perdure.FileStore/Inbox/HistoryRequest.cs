namespace Perdure.Files.Inbox;

/// <summary>Asks for the history of a run.</summary>
/// <param name="Run">Key of the run.</param>
/// <param name="From">The first event that is wanted.</param>
internal sealed record HistoryRequest(long Run, int From);
