using Perdure.Sqlite.Native;
using Perdure.Sqlite.Writing;

namespace Perdure.Sqlite.Messages;

/// <summary>Puts messages into inboxes. The inbox counter rises in the same transaction, and an owner lets go of a run only at a counter that it has seen.</summary>
internal sealed class Posts(Writer writer)
{
    private static readonly Sql FindByKey = new("SELECT key, status, phase FROM perdure_run WHERE key = ?1");
    private static readonly Sql FindById = new("SELECT key, status, phase FROM perdure_run WHERE id = ?1");
    private static readonly Sql FindMessage = new("SELECT 1 FROM perdure_message WHERE run = ?1 AND id = ?2");

    // A blocked or paused run keeps sleeping, unless an operator wakes it.
    private static readonly Sql Wake = new("""
        UPDATE perdure_run SET inbox = inbox + 1,
            due_at = CASE WHEN status IN (3, 4) AND NOT ?3 THEN due_at ELSE min(due_at, ?2) END, updated_at = ?2
        WHERE key = ?1 RETURNING inbox
        """);

    private static readonly Sql Reopen = new("""
        UPDATE perdure_run SET inbox = inbox + 1, status = 0, phase = 0, due_at = ?2, closed_at = NULL, result = NULL, failure = NULL,
            crashes = 0, updated_at = ?2
        WHERE key = ?1 RETURNING inbox
        """);

    private static readonly Sql InsertMessage = new("""
        INSERT INTO perdure_message(run, pos, id, kind, name, at, payload) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)
        """);

    public IReadOnlyList<PostOutcome> Post(IReadOnlyList<OutgoingMessage> messages)
    {
        using var write = writer.Begin("post messages");
        var outcomes = new PostOutcome[messages.Count];
        for (var i = 0; i < outcomes.Length; i++) outcomes[i] = Post(write.Db, messages[i], write.Now);
        write.Commit();
        return outcomes;
    }

    public PostOutcome ReopenRun(OutgoingMessage message)
    {
        using var write = writer.Begin("reopen a run");
        var run = Find(write.Db, message);
        if (run.Verdict == PostVerdict.NotFound) return run;
        if (Has(write.Db, run.RunKey, message.Id)) return run with { Verdict = PostVerdict.Duplicate };
        if (run.Status <= RunStatus.Completed) return run with { Verdict = PostVerdict.Closed };
        Store(write.Db, write.Db.Use(Reopen).Bind(1, run.RunKey).Bind(2, write.Now.Micros), run.RunKey, message, write.Now);
        write.Commit();
        return run;
    }

    /// <summary>Posts one message within a transaction of the caller.</summary>
    public static PostOutcome Post(Connection db, OutgoingMessage message, Instant now)
    {
        var run = Find(db, message);
        if (run.Verdict == PostVerdict.NotFound) return run;
        if (run.Status.IsTerminal()) return run with { Verdict = PostVerdict.Closed };
        if (Has(db, run.RunKey, message.Id)) return run with { Verdict = PostVerdict.Duplicate };
        Store(db, db.Use(Wake).Bind(1, run.RunKey).Bind(2, now.Micros).Bind(3, message.WakesBlocked ? 1 : 0), run.RunKey, message, now);
        return run;
    }

    private static PostOutcome Find(Connection db, OutgoingMessage message)
    {
        var row = message.RunKey != 0 ? db.Use(FindByKey).Bind(1, message.RunKey) : db.Use(FindById).Bind(1, message.RunId);
        if (!row.Read()) return new(PostVerdict.NotFound, 0, default, default);
        var found = new PostOutcome(PostVerdict.Accepted, row.Int64(0), (RunStatus)row.Int32(1), (RunPhase)row.Int32(2));
        row.Reset();
        return found;
    }

    private static bool Has(Connection db, long run, string id) => db.Use(FindMessage).Bind(1, run).Bind(2, id).Scalar() == 1;

    private static void Store(Connection db, Statement wake, long run, OutgoingMessage message, Instant now) => db.Use(InsertMessage)
        .Bind(1, run).Bind(2, wake.Scalar()).Bind(3, message.Id).Bind(4, (int)message.Kind).Bind(5, message.Name).Bind(6, now.Micros)
        .Bind(7, message.Payload)
        .Do();
}
