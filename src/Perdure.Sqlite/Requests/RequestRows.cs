using Perdure.Sqlite.Native;

namespace Perdure.Sqlite.Requests;

/// <summary>What bundles do to the requests of their runs, within the transaction of their group.</summary>
internal static class RequestRows
{
    private static readonly Sql Withdraw = new("UPDATE perdure_request SET state = 3 WHERE run = ?1 AND op = ?2 AND state = 0");
    private static readonly Sql Expire = new("UPDATE perdure_request SET state = 2 WHERE run = ?1 AND op = ?2 AND state = 0");
    private static readonly Sql IsExpired = new("SELECT 1 FROM perdure_request WHERE run = ?1 AND op = ?2 AND state = 2");
    private static readonly Sql WithdrawOfRun = new("UPDATE perdure_request SET state = 3 WHERE run = ?1 AND state = 0");

    // One that was there before, in an earlier attempt of the code or an earlier life of the run, keeps its answers.
    private static readonly Sql OpenAgain = new("""
        UPDATE perdure_request SET state = CASE WHEN state <> 3 THEN state WHEN answers < max_answers THEN 0 ELSE 1 END WHERE run = ?1 AND op = ?2 AND number = ?3
        """);

    private static readonly Sql Insert = new("""
        INSERT OR REPLACE INTO perdure_request(run, op, number, kind, state, name, token_hash, created_at, expires_at, answered_at, max_answers, answers, answer_ids, assignee, description)
        VALUES(?1, ?2, ?3, ?4, 0, ?5, ?6, ?7, ?8, NULL, ?9, 0, '', ?10, ?11)
        """);

    // It has all its answers, or its time is up, which the run may not know yet, or the run's end has withdrawn it just now.
    private static readonly Sql MoveTo = new("""
        UPDATE perdure_request SET run = ?3, op = ?4, state = CASE WHEN state = 2 THEN 2 WHEN answers < max_answers THEN 0 ELSE 1 END WHERE run = ?1 AND op = ?2 AND state IN (1, 2, 3)
        """);

    /// <summary>Requests of a run that has ended go on in the hands of the one that goes on in its place.</summary>
    public static void Move(Connection db, long run, long successor, IReadOnlyList<RequestMove> moves)
    {
        foreach (var move in moves) db.Use(MoveTo).Bind(1, run).Bind(2, move.From).Bind(3, successor).Bind(4, move.To).Do();
    }

    /// <summary>Writes what a bundle says. Answers which requests have expired.</summary>
    public static List<int>? Write(Connection db, long run, RequestChanges changes, Instant now)
    {
        foreach (var request in changes.Opened) Open(db, run, request, now);
        foreach (var operation in changes.Withdrawn) db.Use(Withdraw).Bind(1, run).Bind(2, operation).Do();
        foreach (var operation in changes.Expiring) db.Use(Expire).Bind(1, run).Bind(2, operation).Do();
        return changes.Expiring.Count == 0 ? null : FindExpired(db, run, changes);
    }

    /// <summary>Which of the requests that a bundle let expire have done so.</summary>
    public static List<int> FindExpired(Connection db, long run, RequestChanges changes)
    {
        var expired = new List<int>();
        foreach (var operation in changes.Expiring)
            if (db.Use(IsExpired).Bind(1, run).Bind(2, operation).Scalar() == 1) expired.Add(operation);
        return expired;
    }

    /// <summary>The run has ended.</summary>
    public static void WithdrawAll(Connection db, long run) => db.Use(WithdrawOfRun).Bind(1, run).Do();

    private static void Open(Connection db, long run, NewRequest request, Instant now)
    {
        if (db.Use(OpenAgain).Bind(1, run).Bind(2, request.Operation).Bind(3, request.Number).Run() > 0) return;
        db.Use(Insert).Bind(1, run).Bind(2, request.Operation).Bind(3, request.Number).Bind(4, (int)request.Kind).Bind(5, request.Name)
            .Bind(6, request.TokenHash).Bind(7, now.Micros).Bind(8, request.ExpiresAt.Micros).Bind(9, request.MaxAnswers)
            .Bind(10, request.Assignee).Bind(11, request.Description).Do();
    }
}
