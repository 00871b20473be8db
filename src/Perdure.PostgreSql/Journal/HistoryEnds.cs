namespace Perdure.PostgreSql.Journal;

/// <summary>
/// Where the histories end that this process is writing, so that a write need not look it up. An entry may be old: another process may own the run by now. Then the place
/// that the entry points at is taken, and the unique key refuses the next event; what writes none is refused by owner and term. Only what is known to be committed is
/// noted. Thread safe.
/// </summary>
internal sealed class HistoryEnds
{
    /// <summary>Runs that were taken away leave their entries behind; beyond this many all are forgotten.</summary>
    private const int Most = 65_536;

    private readonly Dictionary<long, int> _ends = [];
    private readonly Lock _gate = new();

    /// <summary>Whether the history of <paramref name="run"/> is known to have exactly <paramref name="count"/> events.</summary>
    public bool IsAt(long run, int count)
    {
        lock (_gate) return _ends.TryGetValue(run, out var end) && end == count;
    }

    /// <summary>Notes what a committed group has written.</summary>
    public void Note(IReadOnlyList<RunBundle> bundles)
    {
        lock (_gate)
        {
            if (_ends.Count > Most) _ends.Clear();
            for (var i = 0; i < bundles.Count; i++)
            {
                var bundle = bundles[i];
                if (bundle.Close is not null || bundle.Release || bundle.Birth is not null && !bundle.Owned) _ends.Remove(bundle.Run);
                else _ends[bundle.Run] = bundle.BaseSequence + bundle.Events.Count;
            }
        }
    }

    /// <summary>Notes what a claim has read.</summary>
    public void Note(IReadOnlyList<ClaimedRun> runs)
    {
        lock (_gate)
        {
            for (var i = 0; i < runs.Count; i++) _ends[runs[i].Row.Key] = runs[i].Row.Events;
        }
    }
}
