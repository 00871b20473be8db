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
    // ?1 … ?5: until when runs of each terminal status were closed that are old now. Nothing that was created after the latest of these (?6) can be old.
    private const string IsOld = """
        closed_at <= CASE status WHEN 10 THEN ?1 WHEN 11 THEN ?2 WHEN 12 THEN ?3 WHEN 13 THEN ?4 WHEN 14 THEN ?5 END AND status >= 10 AND owner = 0
        """;

    private static readonly Sql Find = new($"""
        SELECT key, id, created_at, status FROM perdure_run INDEXED BY perdure_run_created
        WHERE created_at <= ?6 AND created_at >= ?7 AND (created_at > ?7 OR id > ?8) AND {IsOld}
        ORDER BY created_at, id LIMIT ?9
        """);

    private static readonly Sql LookAgain = new($"SELECT status FROM perdure_run WHERE key = ?6 AND {IsOld}");

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
        var rows = BindLimits(read.Db.Use(Find), limits).Bind(6, limits.Max())
            .Bind(7, purge.After?.CreatedAt.Micros ?? long.MinValue).Bind(8, purge.After?.Id ?? "").Bind(9, purge.Limit + 1L);
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
            var status = BindLimits(write.Db.Use(LookAgain), limits).Bind(6, run.Key).Scalar(otherwise: -1);
            if (status < 0) continue;
            Deletions.Remove(write.Db, run.Key);
            Count(counts, (RunStatus)status);
        }
        write.Commit();
    }

    private static void Count(Dictionary<RunStatus, int> counts, RunStatus status) => counts[status] = counts.GetValueOrDefault(status) + 1;

    /// <summary>For each terminal status, in their order, until when a run was closed that is old at <paramref name="now"/>; the beginning of time where none is.</summary>
    private static long[] Limits(IReadOnlyList<PurgeRule> rules, Instant now)
    {
        var limits = new long[RunStatus.Terminated - RunStatus.Completed + 1];
        Array.Fill(limits, long.MinValue);
        foreach (var rule in rules) limits[rule.Status - RunStatus.Completed] = now.Add(-rule.Age).Micros;
        return limits;
    }

    private static Statement BindLimits(Statement statement, long[] limits)
    {
        for (var i = 0; i < limits.Length; i++) statement.Bind(i + 1, limits[i]);
        return statement;
    }
}
