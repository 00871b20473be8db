using Perdure.Sqlite.Native;
using Perdure.Storage;

namespace Perdure.Sqlite.Journal;

/// <summary>
/// Where the histories end that this process is writing, so that a write need not look it up. An entry may be old: another process may own
/// the run by now. Then the place that the entry points at is taken, and the unique key refuses the next event; what writes none is refused
/// by owner and term. Only what is known to be committed is noted. Used inside a write transaction only.
/// </summary>
internal sealed class HistoryEnds
{
    /// <summary>Runs that were taken away leave their entries behind; beyond this many all are forgotten.</summary>
    private const int Most = 65_536;

    private readonly Dictionary<long, int> _ends = [];

    /// <summary>Whether the history of <paramref name="run"/> has exactly <paramref name="count"/> events.</summary>
    public bool IsAt(Connection db, long run, int count) => _ends.TryGetValue(run, out var end) && end == count || EventLog.End(db, run) == count;

    /// <summary>Notes what a committed group has written.</summary>
    public void Note(IReadOnlyList<RunBundle> bundles)
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
