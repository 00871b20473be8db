using Perdure.Sqlite.Native;
using Perdure.Sqlite.Tasks;
using Perdure.Sqlite.Writing;

namespace Perdure.Sqlite.Journal;

/// <summary>Writes one bundle that does more than append events.</summary>
internal static class Bundles
{
    private static readonly Sql SelectGuard = new("SELECT owner, term, events, inbox, status, phase FROM perdure_run WHERE key = ?1");

    private static readonly Sql UpdateRow = new("""
        UPDATE perdure_run SET owner = ?2, events = ?3, status = ?4, phase = ?5, due_at = ?6, crashes = CASE WHEN ?7 THEN 0 ELSE crashes END,
            waiting = ?8, published = CASE WHEN ?9 THEN ?10 ELSE published END, updated_at = ?11
        WHERE key = ?1
        """);

    private static readonly Sql UpdateOwner = new("UPDATE perdure_run SET owner = ?2, events = ?3, updated_at = ?4 WHERE key = ?1");

    private static readonly Sql UpdateClosed = new("""
        UPDATE perdure_run SET owner = 0, events = ?2, status = ?3, phase = ?4, due_at = 9223372036854775807,
            crashes = CASE WHEN ?5 THEN 0 ELSE crashes END, waiting = NULL, published = CASE WHEN ?6 THEN ?7 ELSE published END,
            result = ?8, failure = ?9, closed_at = ?10, updated_at = ?11
        WHERE key = ?1
        """);

    private static readonly Sql DeleteMessage = new("DELETE FROM perdure_message WHERE run = ?1 AND pos = ?2");

    /// <summary>Writes the bundle, or says why it does not fit. After a refusal the transaction must not be committed.</summary>
    public static RefusalReason? Write(in WriteScope write, long worker, RunBundle bundle, ref BundleOutcome outcome)
    {
        if (bundle.Birth is not null) return WriteBirth(write, worker, bundle, ref outcome);

        var db = write.Db;
        var row = db.Use(SelectGuard).Bind(1, bundle.Run);
        if (!row.Read()) return RefusalReason.NotOwned;
        var (owner, term, events, inbox) = (row.Int64(0), row.Int32(1), row.Int32(2), row.Int64(3));
        var phase = (RunPhase)row.Int32(5);
        row.Reset();

        if (owner != worker || term != bundle.Term || !HasEvents(db, bundle, events)) return RefusalReason.NotOwned;
        if (bundle.RequireSeen && inbox != bundle.Seen) return RefusalReason.UnreadMessages;
        if (bundle.NotBefore > write.Now) return RefusalReason.TooEarly;
        foreach (var attempt in bundle.EndedTasks)
        {
            if (!TaskRows.IsCurrent(db, worker, attempt)) return RefusalReason.StaleTask;
        }

        var closes = bundle.Close is not null && inbox == bundle.Seen;
        if (!AppendEvents(db, bundle, closes)) return RefusalReason.NotOwned;
        WriteParts(write, worker, bundle, inbox, phase, closes, ref outcome);
        return null;
    }

    private static RefusalReason? WriteBirth(in WriteScope write, long worker, RunBundle bundle, ref BundleOutcome outcome)
    {
        var birth = bundle.Birth!;
        var closes = bundle.Close is not null;
        var events = Joined.Batch(birth.Events, bundle.Events, closes ? bundle.Close!.Event : default);
        outcome = outcome with { Birth = Births.Give(write.Db, birth, bundle.Owned ? worker : 0, events, write.Now, out var isNew) };
        // A start that was sent twice finds its run as it is now; what came with it was written the first time.
        if (isNew && bundle.Owned) WriteParts(write, worker, bundle, inbox: 0, RunPhase.Normal, closes, ref outcome);
        return null;
    }

    /// <summary>Whether the run has exactly the events that its owner believes to be confirmed.</summary>
    private static bool HasEvents(Connection db, RunBundle bundle, int known)
    {
        if (known > bundle.BaseSequence) return false;
        // The row may lag behind events that were only appended. If it does not, the unique sequence of a new event settles it.
        return (known == bundle.BaseSequence && bundle.Events.Count > 0) || EventLog.End(db, bundle.Run) == bundle.BaseSequence;
    }

    private static bool AppendEvents(Connection db, RunBundle bundle, bool closes)
    {
        var events = closes ? Joined.Batch(bundle.Events, bundle.Close!.Event) : bundle.Events;
        return events.Count == 0 || EventLog.TryAppend(db, bundle.Run, events);
    }

    private static void WriteParts(
        in WriteScope write, long worker, RunBundle bundle, long inbox, RunPhase phase, bool closes, ref BundleOutcome outcome)
    {
        var db = write.Db;
        foreach (var position in bundle.Consumed) db.Use(DeleteMessage).Bind(1, bundle.Run).Bind(2, position).Do();
        foreach (var attempt in bundle.EndedTasks) TaskRows.Delete(db, attempt.Run, attempt.Operation);
        var cancelled = bundle.CancelTasks.Count == 0 ? null : TaskRows.Cancel(db, bundle.Run, bundle.CancelTasks);
        foreach (var task in bundle.NewTasks) TaskRows.Insert(db, bundle.Run, task, task.Claimed ? worker : 0);

        var releases = bundle.Release && !closes && inbox == bundle.Seen;
        if (closes) Close(write, bundle, phase);
        else if (bundle.Row is { } row) Update(write, bundle, row, releases ? 0 : worker, inbox);
        else if (bundle.Birth is null)
            db.Use(UpdateOwner).Bind(1, bundle.Run).Bind(2, releases ? 0 : worker).Bind(3, Base(bundle) + bundle.Events.Count).Bind(4, write.Now.Micros).Do();
        outcome = outcome with { Inbox = inbox, Closed = closes, Released = releases, CancelledTasks = cancelled };
    }

    private static void Update(in WriteScope write, RunBundle bundle, RunRowUpdate row, long owner, long inbox)
    {
        var due = inbox == bundle.Seen ? row.DueAt : write.Now;
        write.Db.Use(UpdateRow)
            .Bind(1, bundle.Run).Bind(2, owner).Bind(3, Base(bundle) + bundle.Events.Count).Bind(4, (int)row.Status).Bind(5, (int)row.Phase)
            .Bind(6, due.Micros).Bind(7, row.ClearCrashes ? 1 : 0).Bind(8, row.Waiting ?? default)
            .Bind(9, row.Published is null ? 0 : 1).Bind(10, row.Published ?? default).Bind(11, write.Now.Micros)
            .Do();
    }

    private static void Close(in WriteScope write, RunBundle bundle, RunPhase phase)
    {
        var close = bundle.Close!;
        var published = close.Published ?? bundle.Row?.Published;
        write.Db.Use(UpdateClosed)
            .Bind(1, bundle.Run).Bind(2, Base(bundle) + bundle.Events.Count + close.Event.Count).Bind(3, (int)close.Status)
            .Bind(4, (int)(bundle.Row?.Phase ?? phase)).Bind(5, bundle.Row is { ClearCrashes: true } ? 1 : 0)
            .Bind(6, published is null ? 0 : 1).Bind(7, published ?? default).Bind(8, close.Result).Bind(9, close.Failure)
            .Bind(10, close.At.Micros).Bind(11, write.Now.Micros)
            .Do();
        if (!close.KeepQueued) TaskRows.DeleteAll(write.Db, bundle.Run);
    }

    private static int Base(RunBundle bundle) => bundle.Birth is { } birth ? birth.Events.Count : bundle.BaseSequence;
}
