using Perdure.Sqlite.Journal;
using Perdure.Sqlite.Messages;
using Perdure.Sqlite.Native;
using Perdure.Sqlite.Reading;
using Perdure.Sqlite.Writing;

namespace Perdure.Sqlite.Claims;

/// <summary>Gives due runs to a worker, with all that it needs to go on.</summary>
internal sealed class RunClaims(Writer writer, ReaderPool readers)
{
    // The index is ordered by queue, priority, due. Runs of one priority are a range of it; priorities are found by leaping.
    private static readonly Sql NextPriority = new("""
        SELECT priority FROM perdure_run INDEXED BY perdure_run_due
        WHERE owner = 0 AND status < 10 AND queue = ?1 AND priority < ?2 ORDER BY priority DESC LIMIT 1
        """);

    private static readonly Sql Due = new("""
        SELECT due_at, key, crashes FROM perdure_run INDEXED BY perdure_run_due
        WHERE owner = 0 AND status < 10 AND queue = ?1 AND priority = ?2 AND due_at <= ?3 ORDER BY due_at, key
        """);

    private static readonly Sql Earliest = new("""
        SELECT due_at FROM perdure_run INDEXED BY perdure_run_due
        WHERE owner = 0 AND status < 10 AND queue = ?1 AND priority = ?2 AND crashes < ?3 ORDER BY due_at LIMIT 1
        """);

    private static readonly Sql Take = new("""
        UPDATE perdure_run SET owner = ?2, term = term + 1, claim = ?3, events = ?4, updated_at = ?5,
            status = CASE WHEN status = 4 THEN 4 ELSE 1 END
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

        var candidates = new List<Candidate>();
        var queues = new HashSet<string>(claim.Queues, StringComparer.Ordinal);
        foreach (var queue in queues) FindDue(db, queue, claim, write.Now, candidates);
        candidates.Sort();

        var runs = new List<ClaimedRun>(Math.Min(candidates.Count, claim.Limit));
        var suspects = 0;
        foreach (var candidate in candidates)
        {
            if (runs.Count == claim.Limit) break;
            if (candidate.Suspect && ++suspects > claim.Suspects) continue;
            db.Use(Take).Bind(1, candidate.Key).Bind(2, claim.Stamp.Worker).Bind(3, claim.Stamp.Number)
                .Bind(4, EventLog.End(db, candidate.Key)).Bind(5, write.Now.Micros).Do();
            runs.Add(ReadClaimed(db, candidate.Key));
        }
        var next = FindNextDue(db, queues, suspects < claim.Suspects ? int.MaxValue : LossBackoff.From);
        write.Commit();
        return new(Fenced: false, runs, next, write.Now);
    }

    public ClaimedRuns Recall(long worker, long number, Instant now)
    {
        using var read = readers.Rent("recall a claim of runs");
        var candidates = new List<long>();
        var taken = read.Db.Use(Taken).Bind(1, worker).Bind(2, number);
        while (taken.Read()) candidates.Add(taken.Int64(0));
        var runs = new List<ClaimedRun>(candidates.Count);
        foreach (var key in candidates) runs.Add(ReadClaimed(read.Db, key));
        // Which queues were asked for is not known here; whatever is due there is found by the next claim.
        return new(Fenced: false, runs, now, now);
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

    /// <summary>Adds at most as many due runs of one queue as the claim could take of it alone.</summary>
    private static void FindDue(Connection db, string queue, RunClaim claim, Instant now, List<Candidate> candidates)
    {
        var (taken, suspects) = (0, 0);
        for (var priority = HighestPriority(db, queue); priority is { } p && taken < claim.Limit; priority = Below(db, queue, p))
        {
            var rows = db.Use(Due).Bind(1, queue).Bind(2, p).Bind(3, now.Micros);
            while (taken < claim.Limit && rows.Read())
            {
                var suspect = rows.Int32(2) >= LossBackoff.From;
                if (suspect && ++suspects > claim.Suspects) continue;
                candidates.Add(new((int)p, rows.Int64(0), rows.Int64(1), suspect));
                taken++;
            }
            rows.Reset();
        }
    }

    /// <summary>When the next run is due that has lost its worker fewer than <paramref name="crashes"/> times in a row.</summary>
    private static Instant FindNextDue(Connection db, HashSet<string> queues, int crashes)
    {
        var next = Instant.Never;
        foreach (var queue in queues)
        {
            for (var priority = HighestPriority(db, queue); priority is { } p; priority = Below(db, queue, p))
                next = Instant.Min(next, new(db.Use(Earliest).Bind(1, queue).Bind(2, p).Bind(3, crashes).Scalar(otherwise: long.MaxValue)));
        }
        return next;
    }

    private static long? HighestPriority(Connection db, string queue) => Below(db, queue, long.MaxValue);

    private static long? Below(Connection db, string queue, long priority)
    {
        var next = db.Use(NextPriority).Bind(1, queue).Bind(2, priority).Scalar(otherwise: long.MinValue);
        return next == long.MinValue ? null : next;
    }

    /// <summary>A due run in claim order: highest priority, then earliest due, then oldest key.</summary>
    private readonly record struct Candidate(int Priority, long Due, long Key, bool Suspect) : IComparable<Candidate>
    {
        public int CompareTo(Candidate other)
        {
            var order = other.Priority.CompareTo(Priority);
            if (order == 0) order = Due.CompareTo(other.Due);
            return order != 0 ? order : Key.CompareTo(other.Key);
        }
    }
}
