using Perdure.Sqlite.Native;
using Perdure.Sqlite.Schema;
using Perdure.Sqlite.Tasks;
using Perdure.Sqlite.Writing;

namespace Perdure.Sqlite.Workers;

/// <summary>Workers come, renew their leases, and go. Also hands out run keys.</summary>
internal sealed class Registrations(Writer writer, WorkerLocks locks, SchemaKeeper schema)
{
    private static readonly Sql Find = new("SELECT key FROM perdure_worker WHERE id = ?1");

    // What was ordered of the worker that the process was before holds for it.
    private static readonly Sql Inherit = new("""
        UPDATE perdure_worker SET (paused_at, paused_by, pause_reason, revision) = (SELECT paused_at, paused_by, pause_reason, revision FROM perdure_worker WHERE key = ?2)
        WHERE key = ?1 AND EXISTS (SELECT 1 FROM perdure_worker WHERE key = ?2)
        """);

    private static readonly Sql InsertWorker = new("""
        INSERT INTO perdure_worker(id, name, lease, lease_until, renewals, registered_at, locked, alive, freed, activities, codes, about)
        VALUES(?1, ?2, ?3, ?4, 0, ?5, ?6, 1, 0, ?7, ?8, ?9) RETURNING key
        """);

    private static readonly Sql InsertLane = new("""
        INSERT INTO perdure_lane(worker, no, alive, last_group, barrier) VALUES(?1, ?2, 1, 0, 0)
        """);

    private static readonly Sql Prolong = new("""
        UPDATE perdure_worker SET lease_until = ?2 + lease, renewals = renewals + 1 WHERE key = ?1 AND alive = 1
        """);

    private static readonly Sql AllAlive = new("SELECT key FROM perdure_worker WHERE alive = 1");
    private static readonly Sql TakeKeys = new("UPDATE perdure_counter SET value = value + ?1 WHERE name = 'run' RETURNING value");
    private static readonly Sql GetId = new("SELECT id FROM perdure_worker WHERE key = ?1");

    private static readonly Sql FreeRuns = new("""
        UPDATE perdure_run INDEXED BY perdure_run_owned
        SET owner = 0, due_at = CASE WHEN status = 1 THEN min(due_at, ?2) ELSE due_at END, updated_at = ?2
        WHERE owner > 0 AND owner = ?1
        """);

    private static readonly Sql FreeTasks = new("""
        UPDATE perdure_task INDEXED BY perdure_task_owned
        SET owner = 0, claim = 0, expired = 0, used = used - 1, due_at = ?2
        WHERE owner > 0 AND owner = ?1
        """);

    private static string? Codes(WorkerRegistration registration) =>
        WorkflowCode.Numbers(registration.Workflows) is { } numbers ? $"[{string.Join(',', numbers)}]" : null;

    public WorkerGrant Register(WorkerRegistration registration)
    {
        // Before the row can be seen, so that nobody finds a worker whose lock is free because it has not been taken yet.
        var locked = locks.TryHold(registration.Id);
        using var write = writer.Begin("register a worker");
        schema.Check(write.Db, writer.Path);
        Span<byte> id = stackalloc byte[16];
        registration.Id.TryWriteBytes(id, bigEndian: true, out _);
        var worker = write.Db.Use(Find).Bind(1, id).Scalar();
        if (worker != 0) return new(worker, write.Now) { Orders = WorkerChanges.OrdersOf(write.Db, worker) };

        var lease = registration.Lease.Ticks / TimeSpan.TicksPerMicrosecond;
        worker = write.Db.Use(InsertWorker).Bind(1, id).Bind(2, registration.Name).Bind(3, lease).Bind(4, write.Now.Micros + lease)
            .Bind(5, write.Now.Micros).Bind(6, locked ? 1 : 0).Bind(7, ActivityNames.Write(registration.Activities)).Bind(8, Codes(registration)).Bind(9, WorkerAbout.Write(registration)).Scalar();
        if (registration.Before != 0) write.Db.Use(Inherit).Bind(1, worker).Bind(2, registration.Before).Do();
        for (var lane = 0; lane <= registration.Lanes; lane++) write.Db.Use(InsertLane).Bind(1, worker).Bind(2, lane).Do();
        var orders = WorkerChanges.OrdersOf(write.Db, worker);
        write.Commit();
        return new(worker, write.Now) { Orders = orders };
    }

    public LeaseGrant Renew(long worker)
    {
        using var write = writer.Begin("renew a lease");
        if (write.Db.Use(Prolong).Bind(1, worker).Bind(2, write.Now.Micros).Run() == 0) return new(Alive: false, write.Now);
        var orders = WorkerChanges.OrdersOf(write.Db, worker);
        write.Commit();
        return new(Alive: true, write.Now) { Orders = orders };
    }

    /// <summary>A worker's own farewell: nothing that it leaves counts as lost.</summary>
    public void Retire(long worker)
    {
        Guid? id = null;
        using (var write = writer.Begin("retire a worker"))
        {
            var row = write.Db.Use(GetId).Bind(1, worker);
            if (row.Read())
            {
                id = new Guid(row.Span(0), bigEndian: true);
                row.Reset();
            }
            Retire(write, worker);
            write.Commit();
        }
        if (id is { } known) locks.Remove(known);
    }

    /// <summary>Lets no worker write any more that is registered now. What they have goes on elsewhere, and does not count as lost.</summary>
    public static void ShutOut(in WriteScope write)
    {
        var alive = new List<long>();
        var rows = write.Db.Use(AllAlive);
        while (rows.Read()) alive.Add(rows.Int64(0));
        foreach (var worker in alive) Retire(write, worker);
    }

    private static void Retire(in WriteScope write, long worker)
    {
        Deaths.Mark(write, worker);
        write.Db.Use(FreeRuns).Bind(1, worker).Bind(2, write.Now.Micros).Do();
        write.Db.Use(FreeTasks).Bind(1, worker).Bind(2, write.Now.Micros).Do();
        Deaths.MarkFreed(write, worker);
    }

    public KeyBlock ReserveKeys(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        using var write = writer.Begin("reserve run keys");
        // Also for those who only start runs.
        schema.Check(write.Db, writer.Path);
        var last = write.Db.Use(TakeKeys).Bind(1, count).Scalar();
        write.Commit();
        return new(last - count + 1, count, write.Now);
    }
}
