namespace Perdure.Files.Rows;

/// <summary>When each turn was taken last.</summary>
internal sealed record TurnsDocument(IReadOnlyDictionary<string, Instant> Taken);
