using Perdure.Sqlite.Journal;
using Perdure.Sqlite.Native;
using Perdure.Sqlite.Tasks;
using Perdure.Sqlite.Writing;

namespace Perdure.Sqlite.Messages;

/// <summary>
/// Puts messages into inboxes. The inbox counter rises in the same transaction, and an owner lets go of a run only at a counter that it has
/// seen.
/// </summary>
internal sealed class Posts(Writer writer)
{
    private static readonly Sql FindByKey = new("SELECT key, status, phase FROM perdure_run WHERE key = ?1");
    private static readonly Sql FindById = new("SELECT key, status, phase FROM perdure_run WHERE id = ?1");
    private static readonly Sql FindMessage = new("SELECT 1 FROM perdure_message WHERE run = ?1 AND id = ?2");

    private static readonly Sql CountEvents = new("SELECT events FROM perdure_run WHERE key = ?1");

    // A blocked or paused run keeps sleeping, unless an operator wakes it.
    private static readonly Sql Wake = new($$"""
        UPDATE perdure_run SET inbox = inbox + 1, signals = signals + ?4,
            due_at = CASE WHEN status IN (3, 4) AND NOT ?3 THEN due_at ELSE min(due_at, ?2) END, updated_at = ?2
        WHERE key = ?1 AND (?4 = 0 OR signals < {{PerdureDefaults.MaxPendingSignals}}) RETURNING inbox
        """);

    // What nobody has ever taken is ended whatever its queue says.
    private static readonly Sql StopUntaken = new("""
        UPDATE perdure_run SET start_deadline = min(coalesce(start_deadline, ?2), ?2) WHERE key = ?1 AND status = 0 AND term = 0
        """);

    private static readonly Sql Reopen = new("""
        UPDATE perdure_run SET inbox = inbox + 1, status = 0, phase = 0, due_at = ?2, closed_at = NULL, result = NULL, failure = NULL,
            crashes = 0, updated_at = ?2, start_deadline = NULL
        WHERE key = ?1 RETURNING inbox
        """);

    private static readonly Sql DeleteOrdersToStop = new("DELETE FROM perdure_message WHERE run = ?1 AND kind IN (3, 4)");

    private static readonly Sql InsertMessage = new("""
        INSERT INTO perdure_message(run, pos, id, kind, name, at, payload, op) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
        """);

    public IReadOnlyList<PostOutcome> Post(IReadOnlyList<OutgoingMessage> messages)
    {
        using var write = writer.Begin("post messages");
        var outcomes = new PostOutcome[messages.Count];
        for (var i = 0; i < outcomes.Length; i++)
            outcomes[i] = Post(write.Db, FindLive(write.Db, messages[i]), messages[i], operation: null, write.Now);
        write.Commit();
        return outcomes;
    }

    public PostOutcome ReopenRun(OutgoingMessage message)
    {
        using var write = writer.Begin("reopen a run");
        var run = Find(write.Db, message);
        if (run.Verdict == PostVerdict.NotFound) return run;
        // A live run has been reopened already; its history knows the message even when the inbox does not hold it any more.
        if (!run.Status.IsTerminal()) return run with { Verdict = PostVerdict.Duplicate };
        if (run.Status is RunStatus.Completed or RunStatus.ContinuedAsNew) return run with { Verdict = PostVerdict.Closed };
        if (Families.HaveLiveParent(write.Db, run.RunKey)) return run with { Verdict = PostVerdict.ParentLive };
        // A late copy of an order that was carried out before the run closed again.
        if (Has(write.Db, run.RunKey, message.Id)) return run with { Verdict = PostVerdict.Duplicate };
        if (message.SeenEvents != 0 && write.Db.Use(CountEvents).Bind(1, run.RunKey).Scalar() != message.SeenEvents) return run with { Verdict = PostVerdict.Duplicate };
        var wake = write.Db.Use(Reopen).Bind(1, run.RunKey).Bind(2, write.Now.Micros);
        Store(write.Db, wake, run.RunKey, message, operation: null, write.Now);
        // What its end had let go on, and orders that came too late for it, belong to the life that is over.
        TaskRows.DeleteAll(write.Db, run.RunKey);
        write.Db.Use(DeleteOrdersToStop).Bind(1, run.RunKey).Do();
        write.Commit();
        return run;
    }

    /// <summary>Posts a message of another run, within a transaction of the caller. A target that has ended, or does not exist, is no error.</summary>
    public static PostVerdict Post(in WriteScope write, OutgoingMessage message) => Post(write.Db, FindLive(write.Db, message), message, operation: null, write.Now).Verdict;

    /// <summary>Whether a run has ended, or is gone, and nobody goes on in its place.</summary>
    public static bool HasEnded(Connection db, long run)
    {
        var live = LiveOf(db, Find(db.Use(FindByKey).Bind(1, run)));
        return live.Verdict == PostVerdict.NotFound || live.Status.IsTerminal();
    }

    /// <summary>Posts the result of a task to the task's run, within a transaction of the caller.</summary>
    public static void PostResult(Connection db, TaskAttempt attempt, OutgoingMessage message, Instant now) =>
        Post(db, Find(db.Use(FindByKey).Bind(1, attempt.Run)), message, attempt.Operation, now);

    /// <summary>Puts a message of its owner into the inbox of a run, within a transaction of the caller.</summary>
    public static void PostToOwned(Connection db, long run, OutgoingMessage message, int operation, Instant now) =>
        Store(db, db.Use(Wake).Bind(1, run).Bind(2, now.Micros).Bind(3, 0).Bind(4, 0), run, message, operation, now);

    /// <summary>Sends a message to a run, within a transaction of the caller.</summary>
    public static PostOutcome PostTo(Connection db, long run, OutgoingMessage message, Instant now) =>
        Post(db, LiveOf(db, Find(db.Use(FindByKey).Bind(1, run))), message, operation: null, now);

    private static PostOutcome Post(Connection db, PostOutcome run, OutgoingMessage message, int? operation, Instant now)
    {
        if (run.Verdict == PostVerdict.NotFound) return run;
        var known = Has(db, run.RunKey, message.Id);
        // A signal that an ended run never read was accepted all the same.
        if (run.Status.IsTerminal()) return run with { Verdict = known && message.Kind == MessageKind.Signal ? PostVerdict.Duplicate : PostVerdict.Closed };
        if (known) return run with { Verdict = PostVerdict.Duplicate };
        var isSignal = message.Kind == MessageKind.Signal;
        var wake = db.Use(Wake).Bind(1, run.RunKey).Bind(2, now.Micros).Bind(3, message.WakesBlocked ? 1 : 0).Bind(4, isSignal ? 1 : 0);
        // Only the limit of pending signals leaves the row as it is.
        if (!Store(db, wake, run.RunKey, message, operation, now)) return run with { Verdict = PostVerdict.Full };
        if (message.Kind is MessageKind.Cancel or MessageKind.Terminate) db.Use(StopUntaken).Bind(1, run.RunKey).Bind(2, now.Micros).Do();
        return run;
    }

    private static PostOutcome FindLive(Connection db, OutgoingMessage message) => LiveOf(db, Find(db, message));

    /// <summary>The run that goes on in the place of one that was continued.</summary>
    private static PostOutcome LiveOf(Connection db, PostOutcome run) =>
        run.Status == RunStatus.ContinuedAsNew ? Find(db.Use(FindByKey).Bind(1, Chains.Last(db, run.RunKey))) : run;

    private static PostOutcome Find(Connection db, OutgoingMessage message) =>
        Find(message.RunKey != 0 ? db.Use(FindByKey).Bind(1, message.RunKey) : db.Use(FindById).Bind(1, message.RunId));

    private static PostOutcome Find(Statement row)
    {
        if (!row.Read()) return new(PostVerdict.NotFound, 0, default, default);
        var found = new PostOutcome(PostVerdict.Accepted, row.Int64(0), (RunStatus)row.Int32(1), (RunPhase)row.Int32(2));
        row.Reset();
        return found;
    }

    /// <summary>Whether a message is in the inbox of a run, unread.</summary>
    public static bool Has(Connection db, long run, string id) => db.Use(FindMessage).Bind(1, run).Bind(2, id).Scalar() == 1;

    /// <summary>Raises the counter by <paramref name="wake"/> and stores the message at its new value. False: the counter was not raised.</summary>
    private static bool Store(Connection db, Statement wake, long run, OutgoingMessage message, int? operation, Instant now)
    {
        var position = wake.Scalar(otherwise: -1);
        if (position < 0) return false;
        var insert = db.Use(InsertMessage).Bind(1, run).Bind(2, position).Bind(3, message.Id).Bind(4, (int)message.Kind)
            .Bind(5, message.Name).Bind(6, now.Micros).Bind(7, message.Payload);
        if (operation is { } number) insert.Bind(8, number).Do();
        else insert.BindNull(8).Do();
        return true;
    }
}
