namespace Perdure.Sqlite.Journal;

/// <summary>Which parts a bundle has.</summary>
internal static class BundleShape
{
    /// <summary>
    /// Whether the bundle changes the run's row, so that it must match owner, term and event count. Else the lane and the unique sequence
    /// guard it.
    /// </summary>
    public static bool WritesRow(this RunBundle bundle)
    {
        foreach (var task in bundle.NewTasks)
        {
            if (task.IfUnknown is not null) return true;
        }
        return bundle.Birth is not null || bundle.Row is not null || bundle.Close is not null || bundle.Release || bundle.RequireSeen
        || bundle.NotBefore > Instant.Earliest || bundle.Consumed.Count > 0 || bundle.SignalsTaken != 0 || bundle.Requests is not null || bundle.EndedTasks.Count > 0 || bundle.Data is not null
        || bundle.Children.Count > 0 || bundle.Messages.Count > 0;
    }

    /// <summary>Whether the bundle touches the log and nothing else.</summary>
    public static bool OnlyAppends(this RunBundle bundle) =>
        bundle.Events.Count > 0 && !bundle.WritesRow() && bundle.NewTasks.Count == 0 && bundle.CancelTasks.Count == 0;

    /// <summary>Whether a bundle goes on behind its birth.</summary>
    public static bool HasRest(this RunBundle bundle, in BirthOutcome birth) =>
        bundle.Birth is null || (bundle.Owned && birth.Verdict == BirthVerdict.Created);
}
