using Perdure.Sqlite.Native;

namespace Perdure.Sqlite.Tasks;

/// <summary>Reads the due tasks of one priority of a queue.</summary>
internal static class WaitingTasks
{
    // One that has expired in the meantime is never executed.
    private static readonly Sql Due = new("""
        SELECT due_at, run, op, rowid, concurrency_key, crashes FROM perdure_task INDEXED BY perdure_task_due
        WHERE owner = 0 AND queue = ?1 AND priority = ?2 AND due_at <= ?3 AND (expires_at IS NULL OR expires_at > ?3)
            AND (?5 IS NULL OR activity IN (SELECT value FROM json_each(?5))) AND crashes BETWEEN ?6 AND ?7
        ORDER BY due_at, run, op LIMIT ?4
        """);

    /// <summary>The first of them, in order; at most <paramref name="suspects"/> of those that keep losing their workers.</summary>
    public static List<WaitingTask> First(Connection db, string queue, long priority, int limit, int suspects, string? activities, Instant now)
    {
        var found = new List<WaitingTask>();
        Add(db, found, queue, priority, limit, withSuspects: suspects > 0, activities, now);
        var tooMany = -suspects;
        foreach (var task in found)
            if (task.IsSuspect) tooMany++;
        if (tooMany <= 0) return found;

        // They took the places of others: both kinds are read apart.
        found.Clear();
        Add(db, found, queue, priority, limit, withSuspects: false, activities, now);
        Read(db, found, queue, priority, suspects, LossBackoff.From, int.MaxValue, activities, now);
        found.Sort();
        if (found.Count > limit) found.RemoveRange(limit, found.Count - limit);
        return found;
    }

    /// <summary>All of them, in order, read as far as they are asked for.</summary>
    public static IEnumerable<WaitingTask> All(Connection db, string queue, long priority, string? activities, Instant now)
    {
        var rows = Open(db, queue, priority, limit: -1, fewest: 0, most: int.MaxValue, activities, now);
        try
        {
            while (rows.Read()) yield return WaitingTask.Read(rows, priority);
        }
        finally
        {
            rows.Reset();
        }
    }

    private static void Add(Connection db, List<WaitingTask> found, string queue, long priority, int limit, bool withSuspects, string? activities, Instant now) =>
        Read(db, found, queue, priority, limit, fewest: 0, withSuspects ? int.MaxValue : LossBackoff.From - 1, activities, now);

    private static void Read(Connection db, List<WaitingTask> found, string queue, long priority, int limit, int fewest, int most, string? activities, Instant now)
    {
        var rows = Open(db, queue, priority, limit, fewest, most, activities, now);
        while (rows.Read()) found.Add(WaitingTask.Read(rows, priority));
    }

    private static Statement Open(Connection db, string queue, long priority, int limit, int fewest, int most, string? activities, Instant now) =>
        db.Use(Due).Bind(1, queue).Bind(2, priority).Bind(3, now.Micros).Bind(4, limit).Bind(5, activities).Bind(6, fewest).Bind(7, most);
}
