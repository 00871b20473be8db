using Perdure.Sqlite.Native;
using Perdure.Sqlite.Queues;

namespace Perdure.Sqlite.Claims;

/// <summary>Finds due runs of a queue that has a rule: in its order, as far as its limits let them pass.</summary>
internal static class RuledRuns
{
    /// <summary>One that has expired in the meantime is never executed.</summary>
    private static readonly Sql Due = new("""
        SELECT due_at, key, crashes, concurrency_key FROM perdure_run INDEXED BY perdure_run_due
        WHERE owner = 0 AND status < 10 AND queue = ?1 AND priority = ?2 AND due_at <= ?3 AND (start_deadline IS NULL OR start_deadline > ?3 OR status <> 0)
        ORDER BY due_at, key LIMIT ?4
        """);

    public static void Find(Connection db, string queue, QueueRule rule, RunClaim claim, Instant now, List<Candidate> candidates)
    {
        var room = Slots.RoomOn(db, queue, rule);
        if (room.IsFull) return;
        var (taken, suspects) = (0, 0);
        foreach (var (candidate, key) in rule.AgeAfter > TimeSpan.Zero ? ByAge(db, queue, rule, claim, now) : ByPriority(db, queue, now))
        {
            if (candidate.Suspect && suspects >= claim.Suspects) continue;
            if (!room.TryTake(key)) continue;
            if (candidate.Suspect) suspects++;
            candidates.Add(candidate with { TakesSlot = rule.IsLimited });
            if (++taken == claim.Limit || room.IsFull) return;
        }
    }

    /// <summary>Lazily: a claim reads no further than it takes.</summary>
    private static IEnumerable<(Candidate Run, string? Key)> ByPriority(Connection db, string queue, Instant now)
    {
        for (var priority = RunClaims.HighestPriority(db, queue); priority is { } p; priority = RunClaims.Below(db, queue, p))
        {
            var rows = db.Use(Due).Bind(1, queue).Bind(2, p).Bind(3, now.Micros).Bind(4, -1);
            try
            {
                while (rows.Read()) yield return (Read(rows, p), rows.TextOrNull(3));
            }
            finally
            {
                rows.Reset();
            }
        }
    }

    /// <summary>
    /// Of one priority, whoever is due first stays first, whatever its age adds: so the first of each priority are enough. Limits for keys may pass over any number of them.
    /// </summary>
    private static List<(Candidate Run, string? Key)> ByAge(Connection db, string queue, QueueRule rule, RunClaim claim, Instant now)
    {
        var found = new List<(Candidate Run, string? Key)>();
        var enough = rule.MaxPerKey > 0 ? -1 : claim.Limit + claim.Suspects;
        for (var priority = RunClaims.HighestPriority(db, queue); priority is { } p; priority = RunClaims.Below(db, queue, p))
        {
            var rows = db.Use(Due).Bind(1, queue).Bind(2, p).Bind(3, now.Micros).Bind(4, enough);
            while (rows.Read()) found.Add((Read(rows, rule.PriorityOf((int)p, rows.Instant(0), now)), rows.TextOrNull(3)));
        }
        found.Sort(static (a, b) => a.Run.CompareTo(b.Run));
        return found;
    }

    private static Candidate Read(Statement rows, long priority) => new(priority, rows.Int64(0), rows.Int64(1), rows.Int32(2) >= LossBackoff.From);
}
