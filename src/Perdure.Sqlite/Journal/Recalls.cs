using Perdure.Sqlite.Native;
using Perdure.Sqlite.Reading;

namespace Perdure.Sqlite.Journal;

/// <summary>Answers again for a group that is known to be committed, from the rows that it left.</summary>
internal sealed class Recalls(ReaderPool readers)
{
    private static readonly Sql SelectRun = new("SELECT owner, term, inbox, status FROM perdure_run WHERE key = ?1");
    private static readonly Sql HasTask = new("SELECT 1 FROM perdure_task WHERE run = ?1 AND op = ?2");

    public GroupOutcome Recall(RunGroup group, Instant now)
    {
        using var read = readers.Rent("recall a group");
        var outcomes = new BundleOutcome[group.Bundles.Count];
        for (var i = 0; i < outcomes.Length; i++) outcomes[i] = Recall(read.Db, group.Stamp.Worker, group.Bundles[i]);
        return new(GroupVerdict.Committed, outcomes, [], now);
    }

    private static BundleOutcome Recall(Connection db, long worker, RunBundle bundle)
    {
        if (bundle.OnlyAppends()) return new();
        var outcome = new BundleOutcome();
        if (bundle.Birth is { } birth)
        {
            outcome = outcome with { Birth = Births.Recall(db, birth) };
            if (outcome.Birth.Key != birth.Key || !bundle.Owned) return outcome;
        }
        var row = db.Use(SelectRun).Bind(1, bundle.Run);
        if (!row.Read()) return outcome with { Closed = bundle.Close is not null };
        var mine = row.Int64(0) == worker && row.Int32(1) == bundle.Term;
        var inbox = row.Int64(2);
        var ended = ((RunStatus)row.Int32(3)).IsTerminal();
        row.Reset();
        return outcome with
        {
            Inbox = inbox,
            Closed = bundle.Close is not null && ended,
            Released = bundle.Release && !mine && !ended,
            CancelledTasks = bundle.CancelTasks.Count == 0 ? null : FindGone(db, bundle),
        };
    }

    private static List<int> FindGone(Connection db, RunBundle bundle)
    {
        var gone = new List<int>();
        foreach (var operation in bundle.CancelTasks)
        {
            if (db.Use(HasTask).Bind(1, bundle.Run).Bind(2, operation).Scalar() == 0) gone.Add(operation);
        }
        return gone;
    }
}
