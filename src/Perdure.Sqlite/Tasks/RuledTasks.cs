using Perdure.Sqlite.Native;
using Perdure.Sqlite.Queues;

namespace Perdure.Sqlite.Tasks;

/// <summary>Finds due tasks of a queue that has a rule: in its order, as far as its limits let them pass.</summary>
internal static class RuledTasks
{
    // One that has expired in the meantime is never executed.
    private static readonly Sql Due = new("""
        SELECT due_at, run, op, rowid, concurrency_key FROM perdure_task INDEXED BY perdure_task_due
        WHERE owner = 0 AND queue = ?1 AND priority = ?2 AND due_at <= ?3 AND (expires_at IS NULL OR expires_at > ?3)
            AND (?5 IS NULL OR activity IN (SELECT value FROM json_each(?5)))
        ORDER BY due_at, run, op LIMIT ?4
        """);

    /// <summary>Rows of the tasks, in the order in which they are taken.</summary>
    public static List<long> Find(Connection db, QueueSlots slots, QueueRule rule, string? activities, Instant now)
    {
        var found = new List<long>();
        var room = Slots.RoomOn(db, slots.Queue, rule);
        if (room.IsFull || slots.Free <= 0) return found;
        foreach (var task in rule.AgeAfter > TimeSpan.Zero ? ByAge(db, slots, rule, activities, now) : ByPriority(db, slots.Queue, activities, now))
        {
            if (!room.TryTake(task.Key)) continue;
            found.Add(task.Row);
            if (found.Count == slots.Free || room.IsFull) break;
        }
        return found;
    }

    private static IEnumerable<Waiting> ByPriority(Connection db, string queue, string? activities, Instant now)
    {
        for (var priority = TaskQueues.Highest(db, queue); priority is { } p; priority = TaskQueues.Below(db, queue, p))
        {
            var rows = db.Use(Due).Bind(1, queue).Bind(2, p).Bind(3, now.Micros).Bind(4, -1).Bind(5, activities);
            try
            {
                while (rows.Read()) yield return Read(rows, p);
            }
            finally
            {
                rows.Reset();
            }
        }
    }

    /// <summary>Of one priority, whoever is due first stays first, so the first of each are enough. Limits for keys may pass over any number of them.</summary>
    private static List<Waiting> ByAge(Connection db, QueueSlots slots, QueueRule rule, string? activities, Instant now)
    {
        var found = new List<Waiting>();
        for (var priority = TaskQueues.Highest(db, slots.Queue); priority is { } p; priority = TaskQueues.Below(db, slots.Queue, p))
        {
            var rows = db.Use(Due).Bind(1, slots.Queue).Bind(2, p).Bind(3, now.Micros).Bind(4, rule.MaxPerKey > 0 ? -1 : slots.Free).Bind(5, activities);
            while (rows.Read()) found.Add(Read(rows, rule.PriorityOf((int)p, rows.Instant(0), now)));
        }
        found.Sort(static (a, b) => (-a.Priority, a.Due, a.Run, a.Operation).CompareTo((-b.Priority, b.Due, b.Run, b.Operation)));
        return found;
    }

    private static Waiting Read(Statement rows, long priority) => new(priority, rows.Int64(0), rows.Int64(1), rows.Int32(2), rows.Int64(3), rows.TextOrNull(4));

    private readonly record struct Waiting(long Priority, long Due, long Run, int Operation, long Row, string? Key);
}
