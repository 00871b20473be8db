using Perdure.Sqlite.Native;
using Perdure.Storage;

namespace Perdure.Sqlite.Journal;

/// <summary>
/// Where the histories end that this process is writing, so that an append need not look it up. An entry may be old: another process may own the run by now.
/// Then the place that the entry points at is taken, and the unique key refuses the append. Only what is known to be committed is noted. Used inside a write
/// transaction only.
/// </summary>
internal sealed class HistoryEnds
{
    /// <summary>Runs that were taken away leave their entries behind; beyond this many all are forgotten.</summary>
    private const int Most = 65_536;

    private readonly Dictionary<long, int> _ends = [];

    /// <summary>Whether <paramref name="batch"/> begins where the history of <paramref name="run"/> ends.</summary>
    public bool Follows(Connection db, long run, in EventBatch batch) =>
        _ends.TryGetValue(run, out var end) && end == batch.FirstSequence || EventLog.End(db, run) == batch.FirstSequence;

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
