using Perdure.Sqlite.Native;
using Perdure.Sqlite.Reading;
using Perdure.Sqlite.Requests;

namespace Perdure.Sqlite.Journal;

/// <summary>Answers again for a group that is known to be committed, from the rows that it left.</summary>
internal sealed class Recalls(ReaderPool readers)
{
    private static readonly Sql SelectRun = new("""
        SELECT owner, term, inbox, status, EXISTS(SELECT 1 FROM perdure_worker WHERE key = ?2 AND alive = 1) FROM perdure_run WHERE key = ?1
        """);

    // A task that is gone without having left a result was removed on request.
    private static readonly Sql IsThere = new("""
        SELECT EXISTS(SELECT 1 FROM perdure_task WHERE run = ?1 AND op = ?2)
            OR EXISTS(SELECT 1 FROM perdure_message WHERE run = ?1 AND op = ?2)
        """);

    public GroupOutcome Recall(RunGroup group, Instant now)
    {
        using var read = readers.Rent("recall a group");
        var outcomes = new BundleOutcome[group.Bundles.Count];
        for (var i = 0; i < outcomes.Length; i++) outcomes[i] = Recall(read.Db, group.Stamp.Worker, group.Bundles[i]);
        return new(GroupVerdict.Committed, outcomes, [], now);
    }

    private static BundleOutcome Recall(Connection db, long worker, RunBundle bundle)
    {
        var outcome = bundle.Birth is { } birth ? new BundleOutcome { Birth = Births.Recall(db, birth) } : new BundleOutcome();
        if (!bundle.HasRest(outcome.Birth)) return outcome;

        var row = db.Use(SelectRun).Bind(1, bundle.Run).Bind(2, worker);
        // Only a closed run can have been deleted since.
        if (!row.Read()) return outcome with { Closed = bundle.Close is not null, EndUnheard = bundle.Close is { } end && Sequels.IsUnheard(db, end) };
        var (owner, term, inbox, status, alive) = (row.Int64(0), row.Int32(1), row.Int64(2), (RunStatus)row.Int32(3), row.Int32(4) == 1);
        row.Reset();
        if (bundle.CancelTasks.Count > 0) outcome = outcome with { CancelledTasks = FindCancelled(db, bundle) };
        if (bundle.Requests is { } changes) outcome = outcome with { ExpiredRequests = RequestRows.FindExpired(db, bundle.Run, changes) };
        if (!bundle.WritesRow()) return outcome;

        var gone = owner != worker || term != bundle.Term;
        // A worker that is alive loses a run by its own hand only; so it was this group that closed one which somebody has reopened since.
        var closed = gone && bundle.Close is not null && (status.IsTerminal() && term == bundle.Term || alive);
        return outcome with { Inbox = inbox, Closed = closed, EndUnheard = closed && Sequels.IsUnheard(db, bundle.Close!), Released = gone && bundle.Release && !closed };
    }

    private static List<int> FindCancelled(Connection db, RunBundle bundle)
    {
        var cancelled = new List<int>();
        foreach (var operation in bundle.CancelTasks)
        {
            if (db.Use(IsThere).Bind(1, bundle.Run).Bind(2, operation).Scalar() == 0) cancelled.Add(operation);
        }
        return cancelled;
    }
}
