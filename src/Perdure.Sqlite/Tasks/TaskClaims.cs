using Perdure.Sqlite.Journal;
using Perdure.Sqlite.Native;
using Perdure.Sqlite.Queues;
using Perdure.Sqlite.Reading;
using Perdure.Sqlite.Workers;
using Perdure.Sqlite.Writing;

namespace Perdure.Sqlite.Tasks;

/// <summary>Gives due tasks to a worker, and those of any queue that have waited too long.</summary>
internal sealed class TaskClaims(Writer writer, ReaderPool readers)
{
    private static readonly Sql Take = new("""
        UPDATE perdure_task SET owner = ?2, token = token + 1, claim = ?3, expired = ?4, slot = ?5 WHERE rowid = ?1
        """);

    private const string SelectTask = """
        SELECT t.run, t.op, t.token, r.id, t.used + t.token, t.activity, t.queue, t.close_deadline, t.crashes, t.options, t.details,
            t.input, t.expired, t.slot
        FROM perdure_task AS t LEFT JOIN perdure_run AS r ON r.key = t.run
        """;

    private static readonly Sql SelectOne = new(SelectTask + " WHERE t.rowid = ?1");
    private static readonly Sql SelectTaken = new(SelectTask + " WHERE t.owner > 0 AND t.owner = ?1 AND t.claim = ?2 ORDER BY t.run, t.op");

    public ClaimedTasks Claim(TaskClaim claim)
    {
        using var write = writer.Begin("claim tasks");
        var db = write.Db;
        if (!Lanes.TryPass(db, claim.Stamp)) return new(Fenced: true, [], Instant.Never, write.Now);
        var orders = WorkerChanges.OrdersOf(db, claim.Stamp.Worker);
        if (orders.IsPaused)
        {
            write.Commit();
            return new(Fenced: false, [], Instant.Never, write.Now) { Orders = orders };
        }

        var tasks = new List<ClaimedTask>();
        foreach (var row in TaskQueues.FindExpired(db, write.Now)) tasks.Add(TakeOne(db, claim.Stamp, row, expired: true, takesSlot: false));
        var activities = ActivityNames.Write(claim.Activities);
        var rules = QueueRules.Read(db);
        var suspects = claim.Suspects;
        var isFull = new bool[claim.Slots.Count];
        for (var i = 0; i < isFull.Length; i++)
        {
            var slots = claim.Slots[i];
            var rule = rules?.Find(slots.Queue);
            var due = rule is null ? TaskQueues.FindDue(db, slots, activities, ref suspects, write.Now) : RuledTasks.Find(db, slots, rule, activities, ref suspects, write.Now);
            foreach (var row in due) tasks.Add(TakeOne(db, claim.Stamp, row, expired: false, takesSlot: rule is { IsLimited: true }));
            isFull[i] = due.Count >= slots.Free;
        }
        var next = Instant.Never;
        for (var i = 0; i < isFull.Length; i++)
        {
            var queue = claim.Slots[i].Queue;
            next = Instant.Min(next, TaskQueues.FindNextDue(db, queue, rules?.Find(queue), activities, withSuspects: suspects > 0, isFull[i], write.Now));
        }
        write.Commit();
        return new(Fenced: false, tasks, next, write.Now) { Orders = orders };
    }

    public ClaimedTasks Recall(long worker, long number, Instant now)
    {
        using var read = readers.Rent("recall a claim of tasks");
        var tasks = new List<ClaimedTask>();
        var rows = read.Db.Use(SelectTaken).Bind(1, worker).Bind(2, number);
        while (rows.Read()) tasks.Add(Read(rows));
        // Which queues were asked for is not known here; whatever is due there is found by the next claim.
        return new(Fenced: false, tasks, now, now);
    }

    private static ClaimedTask TakeOne(Connection db, in LaneStamp stamp, long row, bool expired, bool takesSlot)
    {
        db.Use(Take).Bind(1, row).Bind(2, stamp.Worker).Bind(3, stamp.Number).Bind(4, expired ? 1 : 0).Bind(5, takesSlot ? 1 : 0).Do();
        var task = db.Use(SelectOne).Bind(1, row);
        task.Read();
        var taken = Read(task);
        task.Reset();
        return taken;
    }

    private static ClaimedTask Read(Statement row) => new()
    {
        Attempt = new(row.Int64(0), row.Int32(1), row.Int64(2)),
        RunId = row.Text(3),
        Number = row.Int32(4),
        Activity = row.Text(5),
        Queue = row.Text(6),
        CloseDeadline = row.InstantOrNever(7),
        Crashes = row.Int32(8),
        Options = row.Bytes(9),
        Details = row.Bytes(10),
        Input = row.Bytes(11),
        Expired = row.Int32(12) != 0,
        HoldsSlot = row.Int32(13) != 0,
    };
}
