namespace Perdure.Sqlite.Journal;

/// <summary>Which parts a bundle has.</summary>
internal static class BundleShape
{
    /// <summary>Whether nothing but the lane and the unique sequence guards it: it touches the log and no row.</summary>
    public static bool OnlyAppends(this RunBundle bundle) =>
        bundle.Birth is null && bundle.Row is null && bundle.Close is null && !bundle.Release && !bundle.RequireSeen
        && bundle.NotBefore == Instant.Earliest && bundle.Events.Count > 0
        && bundle.Consumed.Count == 0 && bundle.NewTasks.Count == 0 && bundle.EndedTasks.Count == 0 && bundle.CancelTasks.Count == 0;
}
