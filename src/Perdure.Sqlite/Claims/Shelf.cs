using Perdure.Sqlite.Native;

namespace Perdure.Sqlite.Claims;

/// <summary>Where claims find the unowned runs of a queue: those that everybody meets, or those that were put aside for one code.</summary>
/// <param name="Owner">What stands for the owner of its runs: 0, or the negative of the number of their code.</param>
/// <remarks>Both indexes are ordered by queue, priority, due. Runs of one priority are a range of it; priorities are found by leaping.</remarks>
internal readonly record struct Shelf(long Owner)
{
    private const string Open = "perdure_run INDEXED BY perdure_run_due WHERE owner = 0 AND status < 10";
    private const string Aside = "perdure_run INDEXED BY perdure_run_aside WHERE owner < 0 AND owner = ?1 AND status < 10";

    /// <summary>One that has expired in the meantime is never executed.</summary>
    private const string IsDue = "queue = ?2 AND priority = ?3 AND due_at <= ?4 AND (start_deadline IS NULL OR start_deadline > ?4 OR status <> 0) ORDER BY due_at, key LIMIT ?5";

    private static readonly (Sql Open, Sql Aside) NextPriority = Of("priority", "queue = ?2 AND priority < ?3 ORDER BY priority DESC LIMIT 1");
    private static readonly (Sql Open, Sql Aside) Due = Of("due_at, key, crashes", IsDue);
    private static readonly (Sql Open, Sql Aside) DueWithKeys = Of("due_at, key, crashes, concurrency_key", IsDue);
    private static readonly (Sql Open, Sql Aside) Earliest = Of("due_at", "queue = ?2 AND priority = ?3 AND crashes < ?4 ORDER BY due_at LIMIT 1");

    /// <summary>Those that everybody meets.</summary>
    public static readonly Shelf ForAll = new(0);

    public long? HighestPriority(Connection db, string queue) => Below(db, queue, long.MaxValue);

    /// <summary>The next lower priority that any run has.</summary>
    public long? Below(Connection db, string queue, long priority)
    {
        var next = Use(db, NextPriority, queue).Bind(3, priority).Scalar(otherwise: long.MinValue);
        return next == long.MinValue ? null : next;
    }

    /// <summary>Due runs of one priority in their order: due, key, losses.</summary>
    public Statement DueRuns(Connection db, string queue, long priority, Instant now) => Use(db, Due, queue).Bind(3, priority).Bind(4, now.Micros).Bind(5, -1);

    /// <summary>The same with the keys that limits count them under, at most <paramref name="limit"/> (-1 for all).</summary>
    public Statement DueRunsWithKeys(Connection db, string queue, long priority, Instant now, int limit) =>
        Use(db, DueWithKeys, queue).Bind(3, priority).Bind(4, now.Micros).Bind(5, limit);

    /// <summary>When the next run is due that has lost its worker fewer than <paramref name="crashes"/> times in a row.</summary>
    public Instant NextDue(Connection db, string queue, int crashes)
    {
        var next = Instant.Never;
        for (var priority = HighestPriority(db, queue); priority is { } p; priority = Below(db, queue, p))
            next = Instant.Min(next, new(Use(db, Earliest, queue).Bind(3, p).Bind(4, crashes).Scalar(otherwise: long.MaxValue)));
        return next;
    }

    private Statement Use(Connection db, in (Sql Open, Sql Aside) sql, string queue) =>
        Owner == 0 ? db.Use(sql.Open).Bind(2, queue) : db.Use(sql.Aside).Bind(1, Owner).Bind(2, queue);

    private static (Sql Open, Sql Aside) Of(string columns, string filter) => (new($"SELECT {columns} FROM {Open} AND {filter}"), new($"SELECT {columns} FROM {Aside} AND {filter}"));
}
