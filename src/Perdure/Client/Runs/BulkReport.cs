namespace Perdure;

/// <summary>What became of many runs. Immutable.</summary>
public sealed record BulkReport
{
    /// <summary>Whether the runs were only looked for.</summary>
    public required bool DryRun { get; init; }

    /// <summary>How many runs the filter has found so far; of a look, how many there are in all.</summary>
    public required int Found { get; init; }

    /// <summary>Ids of the first of them, at most 20, newest first.</summary>
    public required IReadOnlyList<string> First { get; init; }

    /// <summary>To how many it was done.</summary>
    public required int Done { get; init; }

    /// <summary>
    /// How many were left as they are because their state does not allow it, or has it already, by reason: the name of a <see cref="CancelOutcome"/>, or one of <see cref="ErrorCodes"/>.
    /// </summary>
    public required IReadOnlyDictionary<string, int> Skipped { get; init; }

    /// <summary>At how many it went wrong, by reason: one of <see cref="ErrorCodes"/>.</summary>
    public required IReadOnlyDictionary<string, int> Failed { get; init; }

    /// <summary>The first of those that were skipped or failed, at most 100, with what is to be said of each.</summary>
    public required IReadOnlyList<BulkProblem> Problems { get; init; }
}
