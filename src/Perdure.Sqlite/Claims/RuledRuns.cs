using Perdure.Sqlite.Native;
using Perdure.Sqlite.Queues;

namespace Perdure.Sqlite.Claims;

/// <summary>Finds due runs of a queue that has a rule: in its order, as far as its limits let them pass.</summary>
internal static class RuledRuns
{
    public static void Find(Connection db, List<Shelf> shelves, string queue, QueueRule rule, RunClaim claim, Instant now, List<Candidate> candidates)
    {
        var room = Slots.RoomOn(db, queue, rule);
        if (room.IsFull) return;
        var (taken, suspects) = (0, 0);
        foreach (var (candidate, key) in rule.AgeAfter > TimeSpan.Zero || shelves.Count > 1 ? Merged(db, shelves, queue, rule, claim, now) : ByPriority(db, queue, now))
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
        for (var priority = Shelf.ForAll.HighestPriority(db, queue); priority is { } p; priority = Shelf.ForAll.Below(db, queue, p))
        {
            var rows = Shelf.ForAll.DueRunsWithKeys(db, queue, p, now, limit: -1);
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
    /// By age, and of several shelves. Of one priority, whoever is due first stays first, whatever its age adds: so the first of each priority and shelf are enough. Suspects that are not taken
    /// stand in nobody's way, however many; and limits for keys may pass over any number of runs.
    /// </summary>
    private static List<(Candidate Run, string? Key)> Merged(Connection db, List<Shelf> shelves, string queue, QueueRule rule, RunClaim claim, Instant now)
    {
        var found = new List<(Candidate Run, string? Key)>();
        var enough = rule.MaxPerKey > 0 ? int.MaxValue : claim.Limit;
        foreach (var shelf in shelves)
        {
            for (var priority = shelf.HighestPriority(db, queue); priority is { } p; priority = shelf.Below(db, queue, p))
            {
                var (calm, suspects) = (0, 0);
                var rows = shelf.DueRunsWithKeys(db, queue, p, now, limit: -1);
                while (calm < enough && rows.Read())
                {
                    var candidate = Read(rows, rule.PriorityOf((int)p, rows.Instant(0), now));
                    if (!candidate.Suspect) calm++;
                    else if (rule.MaxPerKey == 0 && ++suspects > claim.Suspects) continue;
                    found.Add((candidate, rows.TextOrNull(3)));
                }
                rows.Reset();
            }
        }
        found.Sort(static (a, b) => a.Run.CompareTo(b.Run));
        return found;
    }

    private static Candidate Read(Statement rows, long priority) => new(priority, rows.Int64(0), rows.Int64(1), rows.Int32(2) >= LossBackoff.From);
}
