namespace Perdure.Storage;

/// <summary>Which closed runs to delete.</summary>
public sealed record RunPurge
{
    /// <summary>How old runs of each status become; runs of a status that is not here stay. Each status once, and terminal ones only.</summary>
    public required IReadOnlyList<PurgeRule> Rules { get; init; }

    /// <summary>At most so many runs a call.</summary>
    public required int Limit { get; init; }

    /// <summary>Whether the runs are only counted.</summary>
    public bool DryRun { get; init; }

    /// <summary>Continue behind this place of the order (created ascending, then id ascending); null from the oldest.</summary>
    public RunCursor? After { get; init; }
}

/// <summary>How old closed runs of a status become.</summary>
/// <param name="Status">Terminal status.</param>
/// <param name="Age">A run that has been closed for so long, or longer, is deleted.</param>
public readonly record struct PurgeRule(RunStatus Status, TimeSpan Age);

/// <summary>What a purge has deleted, or would delete.</summary>
/// <param name="Runs">How many of each status; statuses with none are left out.</param>
/// <param name="Next">Where the next call goes on, or null when there is nothing left.</param>
public sealed record PurgedRuns(IReadOnlyDictionary<RunStatus, int> Runs, RunCursor? Next)
{
    /// <summary>How many in all.</summary>
    public int Count
    {
        get
        {
            var count = 0;
            foreach (var (_, runs) in Runs) count += runs;
            return count;
        }
    }
}
