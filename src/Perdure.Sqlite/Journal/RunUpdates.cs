using Perdure.Sqlite.Native;
using Perdure.Sqlite.Tasks;
using Perdure.Sqlite.Writing;

namespace Perdure.Sqlite.Journal;

/// <summary>Rewrites the row of a run for its owner: one statement, whatever the bundle asks for.</summary>
internal static class RunUpdates
{
    private static readonly Sql UpdateRow = new("""
        UPDATE perdure_run SET owner = ?2, events = ?3, status = ?4, phase = ?5, due_at = ?6,
            crashes = CASE WHEN ?7 THEN 0 ELSE crashes END, waiting = ?8,
            published = CASE WHEN ?9 THEN ?10 ELSE published END, updated_at = ?11
        WHERE key = ?1
        """);

    private static readonly Sql UpdateOwner = new("UPDATE perdure_run SET owner = ?2, events = ?3, updated_at = ?4 WHERE key = ?1");

    private static readonly Sql UpdateClosed = new("""
        UPDATE perdure_run SET owner = 0, events = ?2, status = ?3, phase = ?4, due_at = 9223372036854775807,
            crashes = CASE WHEN ?5 THEN 0 ELSE crashes END, waiting = NULL, published = CASE WHEN ?6 THEN ?7 ELSE published END,
            result = ?8, failure = ?9, closed_at = ?10, updated_at = ?11
        WHERE key = ?1
        """);

    private static readonly Sql UpdateData = new("UPDATE perdure_run SET data = ?2 WHERE key = ?1");

    private static readonly Sql DeleteMessage = new("DELETE FROM perdure_message WHERE run = ?1 AND pos = ?2");

    private static readonly Sql TakeSignals = new("UPDATE perdure_run SET signals = signals - ?2 WHERE key = ?1");

    public static void Write(in WriteScope write, long worker, RunBundle bundle, long inbox, RunPhase phase, bool closes, bool releases)
    {
        foreach (var position in bundle.Consumed) write.Db.Use(DeleteMessage).Bind(1, bundle.Run).Bind(2, position).Do();

        if (bundle.SignalsTaken != 0) write.Db.Use(TakeSignals).Bind(1, bundle.Run).Bind(2, bundle.SignalsTaken).Do();

        var events = bundle.BaseSequence + bundle.Events.Count;
        var owner = releases ? 0 : worker;
        if (closes) Close(write, bundle, bundle.Close!, bundle.Row?.Phase ?? phase, events);
        // An unread message is work, whatever its owner thinks that the run is waiting for.
        else if (bundle.Row is { } row) Update(write, bundle.Run, row, owner, events, inbox == bundle.Seen ? row.DueAt : write.Now);
        else write.Db.Use(UpdateOwner).Bind(1, bundle.Run).Bind(2, owner).Bind(3, events).Bind(4, write.Now.Micros).Do();
        if (bundle.Data is { } data) write.Db.Use(UpdateData).Bind(1, bundle.Run).Bind(2, data).Do();
    }

    private static void Update(in WriteScope write, long run, RunRowUpdate row, long owner, int events, Instant due) => write.Db
        .Use(UpdateRow).Bind(1, run).Bind(2, owner).Bind(3, events).Bind(4, (int)row.Status).Bind(5, (int)row.Phase).Bind(6, due.Micros)
        .Bind(7, row.ClearCrashes ? 1 : 0).Bind(8, row.Waiting ?? default)
        .Bind(9, row.Published is null ? 0 : 1).Bind(10, row.Published ?? default).Bind(11, write.Now.Micros)
        .Do();

    private static void Close(in WriteScope write, RunBundle bundle, RunClose close, RunPhase phase, int events)
    {
        var published = close.Published ?? bundle.Row?.Published;
        write.Db.Use(UpdateClosed)
            .Bind(1, bundle.Run).Bind(2, events + close.Event.Count).Bind(3, (int)close.Status).Bind(4, (int)phase)
            .Bind(5, bundle.Row is { ClearCrashes: true } ? 1 : 0).Bind(6, published is null ? 0 : 1).Bind(7, published ?? default)
            .Bind(8, close.Result).Bind(9, close.Failure).Bind(10, close.At.Micros).Bind(11, write.Now.Micros)
            .Do();
        if (!close.KeepQueued) TaskRows.DeleteAll(write.Db, bundle.Run);
    }
}
