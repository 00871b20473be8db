namespace Perdure.Files.Rows;

/// <summary>One lane of a worker.</summary>
/// <param name="LastGroup">Number of its last group.</param>
/// <param name="Barrier">Groups up to this number may not happen any more.</param>
internal sealed record LaneDocument(long LastGroup, long Barrier);
