using Perdure.Sqlite.Native;
using Perdure.Sqlite.Reading;

namespace Perdure.Sqlite.Queues;

/// <summary>Reads queues, with how much work there is on each.</summary>
internal sealed class QueueLists(ReaderPool readers)
{
    private static readonly Sql Count = new("""
        SELECT queue, 0, count(*), min(due_at) FROM perdure_run INDEXED BY perdure_run_due
            WHERE owner = 0 AND status < 10 AND due_at <= ?2 AND (?1 IS NULL OR queue = ?1) GROUP BY queue
        UNION ALL SELECT queue, 0, count(*), min(due_at) FROM perdure_run INDEXED BY perdure_run_aside
            WHERE owner < 0 AND status < 10 AND due_at <= ?2 AND (?1 IS NULL OR queue = ?1) GROUP BY queue
        UNION ALL SELECT queue, 1, count(*), min(due_at) FROM perdure_task INDEXED BY perdure_task_due
            WHERE owner = 0 AND due_at <= ?2 AND (?1 IS NULL OR queue = ?1) GROUP BY queue
        UNION ALL SELECT queue, 2, count(*), NULL FROM perdure_run INDEXED BY perdure_run_owned WHERE owner > 0 AND (?1 IS NULL OR queue = ?1) GROUP BY queue
        UNION ALL SELECT queue, 3, count(*), NULL FROM perdure_task INDEXED BY perdure_task_owned
            WHERE owner > 0 AND expired = 0 AND (?1 IS NULL OR queue = ?1) GROUP BY queue
        """);

    public IReadOnlyList<QueueRecord> List(string? name, Instant now)
    {
        using var read = readers.Rent("list queues");
        var rules = QueueRules.Read(read.Db);
        var loads = Loads(read.Db, name, now);
        var names = new SortedSet<string>(loads.Keys, StringComparer.Ordinal);
        if (rules is not null) names.UnionWith(rules.All.Keys.Where(queue => name is null || queue == name));
        return [.. names.Select(queue => new QueueRecord(queue, rules?.Find(queue) ?? QueueRule.None, loads.GetValueOrDefault(queue, QueueLoad.None)))];
    }

    /// <summary>How much work there is on a queue, or on all of them.</summary>
    public static Dictionary<string, QueueLoad> Loads(Connection db, string? name, Instant now)
    {
        var loads = new Dictionary<string, QueueLoad>(StringComparer.Ordinal);
        var rows = db.Use(Count).Bind(1, name).Bind(2, now.Micros);
        while (rows.Read())
        {
            var load = loads.GetValueOrDefault(rows.Text(0), QueueLoad.None);
            var count = rows.Int32(2);
            loads[rows.Text(0)] = rows.Int32(1) switch
            {
                0 => load with { WaitingRuns = load.WaitingRuns + count, OldestDue = Instant.Min(load.OldestDue, rows.Instant(3)) },
                1 => load with { WaitingTasks = count, OldestDue = Instant.Min(load.OldestDue, rows.Instant(3)) },
                2 => load with { HeldRuns = count },
                _ => load with { HeldTasks = count },
            };
        }
        return loads;
    }
}
