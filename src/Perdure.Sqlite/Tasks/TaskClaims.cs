using Perdure.Sqlite.Journal;
using Perdure.Sqlite.Native;
using Perdure.Sqlite.Reading;
using Perdure.Sqlite.Writing;

namespace Perdure.Sqlite.Tasks;

/// <summary>Gives due tasks to a worker.</summary>
internal sealed class TaskClaims(Writer writer, ReaderPool readers)
{
    /// <summary>At most this many tasks whose waiting time has run out come with one claim.</summary>
    private const int MaxExpired = 100;

    private static readonly Sql Expired = new("""
        SELECT rowid FROM perdure_task INDEXED BY perdure_task_expiry
        WHERE owner = 0 AND expires_at IS NOT NULL AND expires_at <= ?1 ORDER BY expires_at, run, op LIMIT ?2
        """);

    private static readonly Sql NextPriority = new("""
        SELECT priority FROM perdure_task INDEXED BY perdure_task_due
        WHERE owner = 0 AND queue = ?1 AND priority < ?2 ORDER BY priority DESC LIMIT 1
        """);

    private static readonly Sql Due = new("""
        SELECT rowid FROM perdure_task INDEXED BY perdure_task_due
        WHERE owner = 0 AND queue = ?1 AND priority = ?2 AND due_at <= ?3 ORDER BY due_at, run, op LIMIT ?4
        """);

    private static readonly Sql Earliest = new("""
        SELECT due_at FROM perdure_task INDEXED BY perdure_task_due
        WHERE owner = 0 AND queue = ?1 AND priority = ?2 ORDER BY due_at LIMIT 1
        """);

    private static readonly Sql EarliestExpiry = new("""
        SELECT expires_at FROM perdure_task INDEXED BY perdure_task_expiry
        WHERE owner = 0 AND expires_at IS NOT NULL ORDER BY expires_at LIMIT 1
        """);

    private static readonly Sql Take = new("UPDATE perdure_task SET owner = ?2, token = token + 1, claim = ?3 WHERE rowid = ?1");

    private const string SelectTask = """
        SELECT t.run, t.op, t.token, r.id, t.used + t.token, t.activity, t.queue, t.close_deadline, t.crashes, t.options, t.details, t.input, t.expires_at
        FROM perdure_task AS t LEFT JOIN perdure_run AS r ON r.key = t.run
        """;

    private static readonly Sql SelectOne = new(SelectTask + " WHERE t.rowid = ?1");
    private static readonly Sql SelectTaken = new(SelectTask + " WHERE t.owner > 0 AND t.owner = ?1 AND t.claim = ?2 ORDER BY t.rowid");

    public ClaimedTasks Claim(TaskClaim claim)
    {
        using var write = writer.Begin("claim tasks");
        var db = write.Db;
        if (!Lanes.TryPass(db, claim.Stamp)) return new(Fenced: true, [], Instant.Never, write.Now);

        var rows = new List<long>();
        Collect(db.Use(Expired).Bind(1, write.Now.Micros).Bind(2, MaxExpired), rows);
        var tasks = new List<ClaimedTask>();
        TakeAll(db, claim.Stamp, rows, write.Now, tasks);
        foreach (var slots in claim.Slots)
        {
            rows.Clear();
            FindDue(db, slots, write.Now, rows);
            TakeAll(db, claim.Stamp, rows, write.Now, tasks);
        }
        var next = FindNextDue(db, claim.Slots);
        write.Commit();
        return new(Fenced: false, tasks, next, write.Now);
    }

    public ClaimedTasks Recall(long worker, long number, Instant now)
    {
        using var read = readers.Rent("recall a claim of tasks");
        var tasks = new List<ClaimedTask>();
        var rows = read.Db.Use(SelectTaken).Bind(1, worker).Bind(2, number);
        while (rows.Read()) tasks.Add(Read(rows, now));
        return new(Fenced: false, tasks, Instant.Never, now);
    }

    private static void TakeAll(Connection db, in LaneStamp stamp, List<long> rows, Instant now, List<ClaimedTask> tasks)
    {
        foreach (var row in rows)
        {
            db.Use(Take).Bind(1, row).Bind(2, stamp.Worker).Bind(3, stamp.Number).Do();
            var task = db.Use(SelectOne).Bind(1, row);
            task.Read();
            tasks.Add(Read(task, now));
            task.Reset();
        }
    }

    private static void FindDue(Connection db, QueueSlots slots, Instant now, List<long> rows)
    {
        for (var priority = HighestPriority(db, slots.Queue); priority is { } p && rows.Count < slots.Free; priority = Below(db, slots.Queue, p))
            Collect(db.Use(Due).Bind(1, slots.Queue).Bind(2, p).Bind(3, now.Micros).Bind(4, slots.Free - rows.Count), rows);
    }

    private static Instant FindNextDue(Connection db, IReadOnlyList<QueueSlots> slots)
    {
        var next = new Instant(db.Use(EarliestExpiry).Scalar(otherwise: long.MaxValue));
        foreach (var slot in slots)
        {
            for (var priority = HighestPriority(db, slot.Queue); priority is { } p; priority = Below(db, slot.Queue, p))
                next = Instant.Min(next, new(db.Use(Earliest).Bind(1, slot.Queue).Bind(2, p).Scalar(otherwise: long.MaxValue)));
        }
        return next;
    }

    private static long? HighestPriority(Connection db, string queue) => Below(db, queue, long.MaxValue);

    private static long? Below(Connection db, string queue, long priority) =>
        db.Use(NextPriority).Bind(1, queue).Bind(2, priority).Scalar(otherwise: long.MinValue) is var next and not long.MinValue ? next : null;

    private static void Collect(Statement rows, List<long> found)
    {
        while (rows.Read()) found.Add(rows.Int64(0));
    }

    private static ClaimedTask Read(Statement row, Instant now) => new()
    {
        Attempt = new(row.Int64(0), row.Int32(1), row.Int32(2)),
        RunId = row.Text(3),
        Number = row.Int32(4),
        Activity = row.Text(5),
        Queue = row.Text(6),
        CloseDeadline = row.InstantOrNever(7),
        Crashes = row.Int32(8),
        Options = row.Bytes(9),
        Details = row.Bytes(10),
        Input = row.Bytes(11),
        Expired = row.InstantOrNever(12) <= now,
    };
}
