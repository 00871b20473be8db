using Perdure.Sqlite.Messages;
using Perdure.Sqlite.Native;
using Perdure.Sqlite.Writing;

namespace Perdure.Sqlite.Requests;

/// <summary>Answers to requests: the first one that fits wins, and becomes a message.</summary>
internal sealed class Answers(Writer writer)
{
    private static readonly Sql Find = new("""
        SELECT q.state, q.expires_at, q.max_answers, q.answers, q.answer_ids, r.status FROM perdure_request AS q CROSS JOIN perdure_run AS r ON r.key = q.run
        WHERE q.run = ?1 AND q.op = ?2 AND q.number = ?3
        """);

    private static readonly Sql Take = new("""
        UPDATE perdure_request SET answers = answers + 1, answer_ids = answer_ids || ?3 || ' ', answered_at = ?4, state = ?5 WHERE run = ?1 AND op = ?2
        """);

    public AnswerOutcome Answer(RequestAnswer answer)
    {
        using var write = writer.Begin("answer a request");
        var (db, message) = (write.Db, answer.Message);
        var row = db.Use(Find).Bind(1, message.RunKey).Bind(2, answer.Operation).Bind(3, answer.Number);
        if (!row.Read()) return new(AnswerVerdict.NotFound, null);
        var (state, expiresAt, max, answers, ids, status) =
            ((RequestState)row.Int32(0), row.Instant(1), row.Int32(2), row.Int32(3), row.Text(4), (RunStatus)row.Int32(5));
        row.Reset();
        if (ids.Split(' ').Contains(message.Id, StringComparer.Ordinal)) return new(AnswerVerdict.Accepted, status);
        if (state == RequestState.Answered) return new(AnswerVerdict.AlreadyAnswered, status);
        if (status.IsTerminal()) return new(AnswerVerdict.Closed, status);
        if (state == RequestState.Withdrawn) return new(AnswerVerdict.Withdrawn, status);
        if (state == RequestState.Expired || expiresAt <= write.Now) return new(AnswerVerdict.Expired, status);

        db.Use(Take).Bind(1, message.RunKey).Bind(2, answer.Operation).Bind(3, message.Id).Bind(4, write.Now.Micros)
            .Bind(5, (int)(answers + 1 >= max ? RequestState.Answered : RequestState.Pending)).Do();
        Posts.PostTo(db, message.RunKey, message, write.Now);
        write.Commit();
        return new(AnswerVerdict.Accepted, status);
    }
}
