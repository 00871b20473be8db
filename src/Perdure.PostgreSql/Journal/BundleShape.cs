namespace Perdure.PostgreSql.Journal;

/// <summary>Which parts a bundle has.</summary>
internal static class BundleShape
{
    /// <summary>Whether the bundle changes the run's row, so that it must match owner, term and event count. Else the lane and the unique sequence guard it.</summary>
    public static bool WritesRow(this RunBundle bundle) =>
        bundle.Birth is not null || bundle.Row is not null || bundle.Close is not null || bundle.Release || bundle.RequireSeen
        || bundle.NotBefore > Instant.Earliest || bundle.Consumed.Count > 0 || bundle.SignalsTaken != 0 || bundle.Requests is not null || bundle.EndedTasks.Count > 0 || bundle.Data is not null || bundle.MayLackCode()
        || bundle.Children.Count > 0 || bundle.Messages.Count > 0;

    /// <summary>Whether something follows from it once it is written.</summary>
    public static bool HasSequel(this RunBundle bundle) => bundle.Children.Count > 0 || bundle.Messages.Count > 0 || bundle.Close is { Messages.Count: > 0 } or { Successor: not null };

    /// <summary>Whether it asks for an activity that perhaps nobody has code for.</summary>
    public static bool MayLackCode(this RunBundle bundle)
    {
        for (var i = 0; i < bundle.NewTasks.Count; i++)
        {
            if (bundle.NewTasks[i].IfUnknown is not null) return true;
        }
        return false;
    }

    /// <summary>Whether the row that a birth makes has to be changed at once by the rest of its bundle.</summary>
    public static bool ChangesBirth(this RunBundle bundle) =>
        bundle.Row is not null || bundle.Requests is not null || bundle.Close is not null || bundle.Release || bundle.RequireSeen || bundle.NotBefore > Instant.Earliest || bundle.Data is not null
        || bundle.MayLackCode();

    /// <summary>Whether the bundle contradicts itself: its events do not follow its base.</summary>
    public static bool IsOutOfOrder(this RunBundle bundle) =>
        (bundle.Birth is null || bundle.Owned)
        && (bundle.Events.Count > 0 && bundle.Events.FirstSequence != bundle.BaseSequence || bundle.Birth is { } birth && bundle.BaseSequence != birth.Events.End);

    /// <summary>Whether a bundle goes on behind its birth.</summary>
    public static bool HasRest(this RunBundle bundle, in BirthOutcome birth) => bundle.Birth is null || (bundle.Owned && birth.Verdict == BirthVerdict.Created);
}
