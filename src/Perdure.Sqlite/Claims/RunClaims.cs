using Perdure.Sqlite.Journal;
using Perdure.Sqlite.Messages;
using Perdure.Sqlite.Native;
using Perdure.Sqlite.Queues;
using Perdure.Sqlite.Reading;
using Perdure.Sqlite.Workers;
using Perdure.Sqlite.Writing;

namespace Perdure.Sqlite.Claims;

/// <summary>Gives due runs to a worker, with all that it needs to go on.</summary>
internal sealed class RunClaims(Writer writer, ReaderPool readers)
{
    private const int ExpiredPerClaim = 100;

    // Nobody took them in time: they are taken only to be ended, and stay pending so that whoever takes them next knows.
    private static readonly Sql Expired = new("""
        SELECT key FROM perdure_run INDEXED BY perdure_run_expiry
        WHERE owner <= 0 AND status = 0 AND start_deadline IS NOT NULL AND start_deadline <= ?1 ORDER BY start_deadline, key LIMIT ?2
        """);

    private static readonly Sql TakeExpired = new("UPDATE perdure_run SET owner = ?2, term = term + 1, claim = ?3, events = ?5, slot = 0, updated_at = ?4 WHERE key = ?1");

    private static readonly Sql EarliestExpiry = new("""
        SELECT start_deadline FROM perdure_run INDEXED BY perdure_run_expiry WHERE owner <= 0 AND status = 0 AND start_deadline IS NOT NULL ORDER BY start_deadline LIMIT 1
        """);

    private static readonly Sql Take = new("""
        UPDATE perdure_run SET owner = ?2, term = term + 1, claim = ?3, events = ?4, updated_at = ?5,
            status = CASE WHEN status = 4 THEN 4 ELSE 1 END, slot = ?6
        WHERE key = ?1
        """);

    private static readonly Sql SelectRun = new($"SELECT {RunRows.Columns} FROM perdure_run WHERE key = ?1");
    private static readonly Sql Taken = new("""
        SELECT key FROM perdure_run INDEXED BY perdure_run_owned WHERE owner > 0 AND owner = ?1 AND claim = ?2
        ORDER BY priority DESC, due_at, key
        """);

    public ClaimedRuns Claim(RunClaim claim)
    {
        using var write = writer.Begin("claim runs");
        var db = write.Db;
        if (!Lanes.TryPass(db, claim.Stamp)) return new(Fenced: true, [], Instant.Never, write.Now);
        var orders = WorkerChanges.OrdersOf(db, claim.Stamp.Worker);
        if (orders.IsPaused)
        {
            write.Commit();
            return new(Fenced: false, [], Instant.Never, write.Now) { Orders = orders };
        }

        var expired = FindExpired(db, claim, write.Now);
        var runs = new List<ClaimedRun>();
        foreach (var key in expired)
        {
            db.Use(TakeExpired).Bind(1, key).Bind(2, claim.Stamp.Worker).Bind(3, claim.Stamp.Number).Bind(4, write.Now.Micros).Bind(5, EventLog.End(db, key)).Do();
            runs.Add(ReadClaimed(db, key));
        }
        if (expired.Count > 0) claim = claim with { Limit = claim.Limit - expired.Count };

        var rules = QueueRules.Read(db);
        var fleet = Fleet.Read(db, claim.Stamp.Worker);
        var shelves = fleet.OpenShelves(db);
        var queues = new HashSet<string>(claim.Queues, StringComparer.Ordinal);
        var candidates = FindFitting(db, fleet, shelves, queues, rules, claim, write.Now);

        var (taken, suspects) = (0, 0);
        foreach (var candidate in candidates)
        {
            if (taken == claim.Limit) break;
            if (candidate.Suspect && ++suspects > claim.Suspects) continue;
            db.Use(Take).Bind(1, candidate.Key).Bind(2, claim.Stamp.Worker).Bind(3, claim.Stamp.Number)
                .Bind(4, EventLog.End(db, candidate.Key)).Bind(5, write.Now.Micros).Bind(6, candidate.TakesSlot ? 1 : 0).Do();
            runs.Add(ReadClaimed(db, candidate.Key));
            taken++;
        }
        // What was chosen by age, or because it has expired, is answered in the same order as everything else.
        if (rules is not null || expired.Count > 0) runs.Sort(static (a, b) => (-a.Row.Priority, a.Row.DueAt, a.Row.Key).CompareTo((-b.Row.Priority, b.Row.DueAt, b.Row.Key)));
        var next = FindNextDue(db, shelves, queues, rules, suspects < claim.Suspects ? int.MaxValue : LossBackoff.From, isFull: taken >= claim.Limit, write.Now);
        write.Commit();
        return new(Fenced: false, runs, next, write.Now) { Orders = orders };
    }

    public ClaimedRuns Recall(long worker, long number, Instant now)
    {
        using var read = readers.Rent("recall a claim of runs");
        var keys = new List<long>();
        var taken = read.Db.Use(Taken).Bind(1, worker).Bind(2, number);
        while (taken.Read()) keys.Add(taken.Int64(0));
        var runs = new List<ClaimedRun>(keys.Count);
        foreach (var key in keys) runs.Add(ReadClaimed(read.Db, key));
        // Which queues were asked for is not known here; whatever is due there is found by the next claim.
        return new(Fenced: false, runs, now, now);
    }

    private static List<long> FindExpired(Connection db, RunClaim claim, Instant now)
    {
        List<long> expired = [];
        var rows = db.Use(Expired).Bind(1, now.Micros).Bind(2, Math.Min(claim.Limit, ExpiredPerClaim));
        while (rows.Read()) expired.Add(rows.Int64(0));
        return expired;
    }

    private static ClaimedRun ReadClaimed(Connection db, long key)
    {
        var history = EventLog.Read(db, key, fromSequence: 0, out var input, out var options);
        var row = db.Use(SelectRun).Bind(1, key);
        row.Read();
        var run = RunRows.Read(row, input, options);
        row.Reset();
        return new(run, history, Inboxes.Read(db, key));
    }

    /// <summary>Due runs that the worker may take, in claim order, of each queue as many as the claim could take of it alone.</summary>
    private static List<Candidate> FindFitting(
        Connection db, Fleet fleet, List<Shelf> shelves, HashSet<string> queues, QueueRules? rules, RunClaim claim, Instant now)
    {
        if (!fleet.IsMixed || claim.Limit <= 0) return FindFirst(db, shelves, queues, rules, claim, now);
        claim = claim with { Limit = Math.Max(claim.Limit, RunClaim.LeastReach) };
        for (var round = 1; ; round++)
        {
            var candidates = FindFirst(db, shelves, queues, rules, claim, now);
            if (fleet.PutAside(db, candidates) == 0 || round == RunClaim.MostRounds) return candidates;
        }
    }

    private static List<Candidate> FindFirst(Connection db, List<Shelf> shelves, HashSet<string> queues, QueueRules? rules, RunClaim claim, Instant now)
    {
        var candidates = new List<Candidate>();
        foreach (var queue in queues)
        {
            if (rules?.Find(queue) is { } rule) RuledRuns.Find(db, shelves, queue, rule, claim, now, candidates);
            else FindDue(db, shelves, queue, claim, now, candidates);
        }
        candidates.Sort();
        return candidates;
    }

    /// <summary>Adds at most as many due runs of one queue as the claim could take of it alone; the first of each shelf, which the claim's limit then chooses from.</summary>
    private static void FindDue(Connection db, List<Shelf> shelves, string queue, RunClaim claim, Instant now, List<Candidate> candidates)
    {
        foreach (var shelf in shelves)
        {
            var (taken, suspects) = (0, 0);
            for (var priority = shelf.HighestPriority(db, queue); priority is { } p && taken < claim.Limit; priority = shelf.Below(db, queue, p))
            {
                var rows = shelf.DueRuns(db, queue, p, now);
                while (taken < claim.Limit && rows.Read())
                {
                    var suspect = rows.Int32(2) >= LossBackoff.From;
                    if (suspect && ++suspects > claim.Suspects) continue;
                    candidates.Add(new(p, rows.Int64(0), rows.Int64(1), suspect));
                    taken++;
                }
                rows.Reset();
            }
        }
    }

    /// <summary>When the next run is due that has lost its worker fewer than <paramref name="crashes"/> times in a row.</summary>
    private static Instant FindNextDue(Connection db, List<Shelf> shelves, HashSet<string> queues, QueueRules? rules, int crashes, bool isFull, Instant now)
    {
        var next = new Instant(db.Use(EarliestExpiry).Scalar(otherwise: long.MaxValue));
        foreach (var queue in queues)
        {
            var rule = rules?.Find(queue);
            if (rule is { Paused: true }) continue;
            var earliest = Instant.Never;
            foreach (var shelf in shelves) earliest = Instant.Min(earliest, shelf.NextDue(db, queue, crashes));
            // Had there been room for it in the claim, it would have been taken but for a limit.
            if (rule is { IsLimited: true } && !isFull && earliest <= now) earliest = now.Add(QueueRoom.LookAgain);
            next = Instant.Min(next, earliest);
        }
        return next;
    }
}
