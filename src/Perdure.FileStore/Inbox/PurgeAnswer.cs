namespace Perdure.Files.Inbox;

/// <summary>What a purge has deleted.</summary>
/// <param name="Runs">How many of each status.</param>
/// <param name="Next">Where the next call goes on.</param>
internal sealed record PurgeAnswer(IReadOnlyDictionary<RunStatus, int> Runs, RunCursor? Next)
{
    public static PurgeAnswer Of(PurgedRuns purged) => new(purged.Runs, purged.Next);

    public PurgedRuns ToPurged() => new(Runs, Next);
}
