using Perdure.Sqlite.Native;
using Perdure.Sqlite.Reading;
using Perdure.Sqlite.Writing;

namespace Perdure.Sqlite.Journal;

/// <summary>
/// Deletes closed runs by their age. They are looked for on a read connection, so that nobody waits while many that stay are passed over; the write transaction looks
/// again at those that were found.
/// </summary>
internal sealed class Purges(Writer writer, ReaderPool readers)
{
    /// <summary>The terminal statuses. From parameter <see cref="FirstLimit"/> on there is one for each: until when its runs were closed that are old now.</summary>
    private static readonly RunStatus[] Statuses = [.. Enum.GetValues<RunStatus>().Where(static status => status.IsTerminal())];

    private const int FirstLimit = 5;

    private static readonly string IsOld =
        $"status >= 10 AND owner = 0 AND closed_at <= CASE status {string.Join(' ', Statuses.Select(static (status, i) => $"WHEN {(int)status} THEN ?{FirstLimit + i}"))} END";

    // Nothing that was created after the latest of the limits (?1) can be old.
    private static readonly Sql Find = new($"""
        SELECT key, id, created_at, status FROM perdure_run r INDEXED BY perdure_run_created
        WHERE created_at <= ?1 AND created_at >= ?2 AND (created_at > ?2 OR id > ?3) AND {IsOld} AND NOT {Families.IsInUse}
        ORDER BY created_at, id LIMIT ?4
        """);

    private static readonly Sql LookAgain = new($"SELECT status FROM perdure_run r WHERE key = ?1 AND {IsOld} AND NOT {Families.IsInUse}");

    private readonly record struct Found(long Key, RunCursor Place, RunStatus Status);

    public PurgedRuns Purge(RunPurge purge, Instant now)
    {
        var found = FindOld(purge, now, out var more);
        var counts = new Dictionary<RunStatus, int>();
        if (purge.DryRun)
        {
            foreach (var run in found) Count(counts, run.Status);
        }
        else if (found.Count > 0) Delete(purge, found, counts);
        return new(counts, more && found.Count > 0 ? found[^1].Place : null);
    }

    private List<Found> FindOld(RunPurge purge, Instant now, out bool more)
    {
        using var read = readers.Rent("look for old runs");
        var limits = Limits(purge.Rules, now);
        var rows = BindLimits(read.Db.Use(Find), limits).Bind(1, limits.Max())
            .Bind(2, purge.After?.CreatedAt.Micros ?? long.MinValue).Bind(3, purge.After?.Id ?? "").Bind(4, purge.Limit + 1L);
        var found = new List<Found>();
        more = false;
        while (rows.Read())
        {
            if (found.Count == purge.Limit)
            {
                more = true;
                rows.Reset();
                break;
            }
            found.Add(new(rows.Int64(0), new(rows.Instant(2), rows.Text(1)), (RunStatus)rows.Int32(3)));
        }
        return found;
    }

    private void Delete(RunPurge purge, List<Found> found, Dictionary<RunStatus, int> counts)
    {
        using var write = writer.Begin("delete old runs");
        var limits = Limits(purge.Rules, write.Now);
        foreach (var run in found)
        {
            // It may have been reopened, or deleted, since it was found.
            var status = BindLimits(write.Db.Use(LookAgain), limits).Bind(1, run.Key).Scalar(otherwise: -1);
            if (status < 0) continue;
            Deletions.Remove(write.Db, run.Key, write.Now);
            Count(counts, (RunStatus)status);
        }
        write.Commit();
    }

    private static void Count(Dictionary<RunStatus, int> counts, RunStatus status) => counts[status] = counts.GetValueOrDefault(status) + 1;

    /// <summary>For each terminal status, in their order, until when a run was closed that is old at <paramref name="now"/>; the beginning of time where none is.</summary>
    private static long[] Limits(IReadOnlyList<PurgeRule> rules, Instant now)
    {
        var limits = new long[Statuses.Length];
        Array.Fill(limits, long.MinValue);
        foreach (var rule in rules) limits[Array.IndexOf(Statuses, rule.Status)] = now.Add(-rule.Age).Micros;
        return limits;
    }

    private static Statement BindLimits(Statement statement, long[] limits)
    {
        for (var i = 0; i < limits.Length; i++) statement.Bind(FirstLimit + i, limits[i]);
        return statement;
    }
}
