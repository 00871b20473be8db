using Perdure.Sqlite.Native;

namespace Perdure.Sqlite.Tasks;

/// <summary>
/// Finds unowned tasks. The indexes are ordered by queue, then priority or expiry; queues and priorities are found by leaping from one to
/// the next.
/// </summary>
internal static class TaskQueues
{
    /// <summary>At most this many tasks whose waiting time has run out come with one claim.</summary>
    private const int MaxExpired = 100;

    private static readonly Sql NextQueue = new("""
        SELECT queue FROM perdure_task INDEXED BY perdure_task_expiry
        WHERE owner = 0 AND expires_at IS NOT NULL AND queue > ?1 ORDER BY queue LIMIT 1
        """);

    private static readonly Sql Expired = new("""
        SELECT expires_at, run, op, rowid FROM perdure_task INDEXED BY perdure_task_expiry
        WHERE owner = 0 AND expires_at IS NOT NULL AND queue = ?1 AND expires_at <= ?2 ORDER BY expires_at, run, op LIMIT ?3
        """);

    private static readonly Sql EarliestExpiry = new("""
        SELECT expires_at FROM perdure_task INDEXED BY perdure_task_expiry
        WHERE owner = 0 AND expires_at IS NOT NULL AND queue = ?1 ORDER BY expires_at LIMIT 1
        """);

    private static readonly Sql NextPriority = new("""
        SELECT priority FROM perdure_task INDEXED BY perdure_task_due
        WHERE owner = 0 AND queue = ?1 AND priority < ?2 ORDER BY priority DESC LIMIT 1
        """);

    private static readonly Sql Earliest = new("""
        SELECT due_at FROM perdure_task INDEXED BY perdure_task_due
        WHERE owner = 0 AND queue = ?1 AND priority = ?2 AND (?3 IS NULL OR activity IN (SELECT value FROM json_each(?3))) ORDER BY due_at LIMIT 1
        """);

    // The losses of a task are not in the index, so this looks at rows.
    private static readonly Sql EarliestUnsuspected = new($"""
        SELECT due_at FROM perdure_task INDEXED BY perdure_task_due
        WHERE owner = 0 AND queue = ?1 AND priority = ?2 AND (?3 IS NULL OR activity IN (SELECT value FROM json_each(?3))) AND crashes < {LossBackoff.From} ORDER BY due_at LIMIT 1
        """);

    /// <summary>Rows of tasks of any queue that have expired, longest overdue first.</summary>
    public static IEnumerable<long> FindExpired(Connection db, Instant now)
    {
        var found = new List<(long ExpiresAt, long Run, int Operation, long Row)>();
        for (var queue = QueueAfter(db, ""); queue is not null; queue = QueueAfter(db, queue))
        {
            var rows = db.Use(Expired).Bind(1, queue).Bind(2, now.Micros).Bind(3, MaxExpired);
            while (rows.Read()) found.Add((rows.Int64(0), rows.Int64(1), rows.Int32(2), rows.Int64(3)));
        }
        found.Sort();
        return found.Take(MaxExpired).Select(static task => task.Row);
    }

    /// <summary>Rows of the first due tasks of a queue: highest priority, then earliest due. Of those that keep losing their workers only a few, which count down <paramref name="suspects"/>.</summary>
    public static List<long> FindDue(Connection db, QueueSlots slots, string? activities, ref int suspects, Instant now)
    {
        var found = new List<long>();
        for (var priority = Highest(db, slots.Queue); priority is { } p && found.Count < slots.Free; priority = Below(db, slots.Queue, p))
        {
            foreach (var task in WaitingTasks.First(db, slots.Queue, p, slots.Free - found.Count, suspects, activities, now))
            {
                found.Add(task.Row);
                if (task.IsSuspect) suspects--;
            }
        }
        return found;
    }

    /// <summary>When the next task of a queue is due or expires. One that is full has only the latter: that takes no slot.</summary>
    public static Instant FindNextDue(Connection db, string queue, QueueRule? rule, string? activities, bool withSuspects, bool isFull, Instant now)
    {
        var next = new Instant(db.Use(EarliestExpiry).Bind(1, queue).Scalar(otherwise: long.MaxValue));
        if (isFull || rule is { Paused: true }) return next;
        var earliest = Instant.Never;
        for (var priority = Highest(db, queue); priority is { } p; priority = Below(db, queue, p))
            earliest = Instant.Min(earliest, new(db.Use(withSuspects ? Earliest : EarliestUnsuspected).Bind(1, queue).Bind(2, p).Bind(3, activities).Scalar(otherwise: long.MaxValue)));
        // There was a free slot for it in the worker: a limit holds it back.
        if (rule is { IsLimited: true } && earliest <= now) earliest = now.Add(QueueRoom.LookAgain);
        return Instant.Min(next, earliest);
    }

    private static string? QueueAfter(Connection db, string queue)
    {
        var row = db.Use(NextQueue).Bind(1, queue);
        if (!row.Read()) return null;
        var next = row.Text(0);
        row.Reset();
        return next;
    }

    internal static long? Highest(Connection db, string queue) => Below(db, queue, long.MaxValue);

    internal static long? Below(Connection db, string queue, long priority)
    {
        var next = db.Use(NextPriority).Bind(1, queue).Bind(2, priority).Scalar(otherwise: long.MinValue);
        return next == long.MinValue ? null : next;
    }
}
