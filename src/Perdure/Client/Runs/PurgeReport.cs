namespace Perdure;

/// <summary>What <see cref="IPerdureClient.PurgeAsync"/> has deleted, or would have. Immutable.</summary>
/// <param name="Runs">How many runs of each status; statuses with none are left out.</param>
public sealed record PurgeReport(IReadOnlyDictionary<RunStatus, int> Runs)
{
    /// <summary>How many runs in all.</summary>
    public int Count => Runs.Values.Sum();
}
