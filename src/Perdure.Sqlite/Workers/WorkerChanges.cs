using Perdure.Sqlite.Native;
using Perdure.Sqlite.Reading;
using Perdure.Sqlite.Tasks;
using Perdure.Sqlite.Writing;

namespace Perdure.Sqlite.Workers;

/// <summary>What operators order of workers, and the workers as others see them.</summary>
internal sealed class WorkerChanges(Writer writer, ReaderPool readers)
{
    private static readonly Sql Change = new("""
        UPDATE perdure_worker SET revision = revision + 1, paused_at = CASE WHEN ?2 THEN ?3 END, paused_by = CASE WHEN ?2 THEN ?4 END, pause_reason = CASE WHEN ?2 THEN ?5 END
        WHERE key = ?1 AND alive = 1 AND (?6 IS NULL OR revision = ?6)
        """);

    private static readonly Sql SelectOrders = new("SELECT revision, paused_at IS NOT NULL FROM perdure_worker WHERE key = ?1");

    private static readonly Sql SelectAlive = new("""
        SELECT key, id, name, registered_at, lease_until, activities, about, paused_at, paused_by, pause_reason, revision
        FROM perdure_worker INDEXED BY perdure_worker_alive WHERE alive = 1 AND (?1 IS NULL OR key = ?1) ORDER BY key
        """);

    private static readonly Sql CountRuns = new("SELECT count(*) FROM perdure_run INDEXED BY perdure_run_owned WHERE owner > 0 AND owner = ?1");
    private static readonly Sql CountTasks = new("SELECT queue, count(*) FROM perdure_task INDEXED BY perdure_task_owned WHERE owner > 0 AND owner = ?1 GROUP BY queue");

    public WorkerRecord? Make(WorkerChange change)
    {
        using var write = writer.Begin("change a worker");
        write.Db.Use(Change).Bind(1, change.Worker).Bind(2, change.Paused ? 1 : 0).Bind(3, write.Now.Micros).Bind(4, change.By).Bind(5, change.Reason).BindOrNull(6, change.After).Do();
        var workers = Read(write.Db, change.Worker);
        write.Commit();
        return workers.Count == 0 ? null : workers[0];
    }

    public IReadOnlyList<WorkerRecord> List()
    {
        using var read = readers.Rent("list workers");
        return Read(read.Db, worker: null);
    }

    /// <summary>What is ordered of a worker, in the transaction of its claim.</summary>
    public static WorkerOrders OrdersOf(Connection db, long worker)
    {
        var row = db.Use(SelectOrders).Bind(1, worker);
        if (!row.Read()) return default;
        var orders = new WorkerOrders(row.Int64(0), row.Int32(1) != 0);
        row.Reset();
        return orders;
    }

    private static List<WorkerRecord> Read(Connection db, long? worker)
    {
        var workers = new List<WorkerRecord>();
        var rows = db.Use(SelectAlive).BindOrNull(1, worker);
        while (rows.Read())
        {
            var record = new WorkerRecord(rows.Int64(0), new Guid(rows.Span(1), bigEndian: true), rows.Text(2), rows.Instant(3), rows.Instant(4))
            {
                Activities = ActivityNames.Read(rows.TextOrNull(5)),
                Pause = rows.InstantOrNever(7) is { IsNever: false } at ? new WorkerPause(at, rows.TextOrNull(8), rows.TextOrNull(9)) : null,
                Revision = rows.Int64(10),
            };
            workers.Add(WorkerAbout.Read(record, rows.TextOrNull(6)));
        }
        for (var i = 0; i < workers.Count; i++)
        {
            var held = new Dictionary<string, int>(StringComparer.Ordinal);
            var tasks = db.Use(CountTasks).Bind(1, workers[i].Worker);
            while (tasks.Read()) held[tasks.Text(0)] = tasks.Int32(1);
            workers[i] = workers[i] with { HeldRuns = (int)db.Use(CountRuns).Bind(1, workers[i].Worker).Scalar(), HeldTasks = held };
        }
        return workers;
    }
}
