using Perdure.PostgreSql.Wakeups;

namespace Perdure.PostgreSql.Journal;

/// <summary>What other processes may want to hear of a group that was committed.</summary>
internal static class GroupHints
{
    public static HintKind Of(RunGroup group, GroupOutcome outcome)
    {
        if (outcome.Bundles is Silence) return HintKind.None;
        var kind = HintKind.None;
        for (var i = 0; i < group.Bundles.Count; i++)
        {
            var bundle = group.Bundles[i];
            if (bundle.Close is not null && outcome.Bundles[i].Closed) kind |= HintKind.Ends;
            if (bundle.Row is { Published: not null } || bundle.Close is { Published: not null }) kind |= HintKind.News;
            // Who sleeps while this worker dies must know when the run that it has given back is due.
            var isLeft = outcome.Bundles[i].Released && bundle.Row is { DueAt.IsNever: false };
            if (isLeft || bundle.Birth is not null && !bundle.Owned || HasQueuedTasks(bundle) || bundle.HasSequel()) kind |= HintKind.Work;
        }
        return kind;
    }

    private static bool HasQueuedTasks(RunBundle bundle)
    {
        for (var i = 0; i < bundle.NewTasks.Count; i++)
        {
            if (!bundle.NewTasks[i].Claimed) return true;
        }
        return false;
    }
}
