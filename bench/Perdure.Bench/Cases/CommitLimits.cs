using System.Diagnostics;
using Perdure.Bench.Engines;
using Perdure.Bench.Limits;
using Perdure.Bench.Measuring;

namespace Perdure.Bench.Cases;

/// <summary>What the database itself can do on this disk: one event a transaction, 100, 1000. SQLite's log is reused in place.</summary>
internal static class CommitLimits
{
    public static string NameOf(Backend backend) => backend == Backend.Postgres ? "limit: postgres commits" : "limit: commits";

    /// <summary>So many lone commits are measured, and as many fill the log before: more than it holds.</summary>
    public const int StandardCommits = 1000;

    public static Case Create(Scratch scratch, Backend backend, int commits = StandardCommits) =>
        new(NameOf(backend), () => Task.FromResult(Measure(scratch, backend, commits))) { Settings = [("store", backend.Text()), ("commits", commits)] };

    private static Figures Measure(Scratch scratch, Backend backend, int commits)
    {
        var place = scratch.NewPlace(backend);
        var figures = new Figures();
        long rows = 0;
        using (var db = ILogDatabase.Open(place))
        {
            rows = FillLog(db, commits);
            figures.SetLatency("loneCommit", Group(db, ref rows, size: 1, groups: commits));
            figures["loneCommitsPerSecond"] = PerSecond(db, ref rows, size: 1, groups: commits);
            figures["rowsPerSecondBy100"] = PerSecond(db, ref rows, size: 100, Math.Max(1, commits * 2 / 5));
            figures["rowsPerSecondBy1000"] = PerSecond(db, ref rows, size: 1000, Math.Max(1, commits * 3 / 50));
            db.Expect(runs: 0, rows);
        }
        scratch.Remove(place);
        return figures;
    }

    /// <summary>
    /// Commits until the log has been moved into the file at least once and is overwritten from its beginning; answers with the rows that
    /// this took.
    /// </summary>
    public static long FillLog(ILogDatabase db, int commits = StandardCommits)
    {
        long rows = 0;
        Group(db, ref rows, size: 1, groups: commits);
        return rows;
    }

    private static double PerSecond(ILogDatabase db, ref long rows, int size, int groups)
    {
        var start = Stopwatch.GetTimestamp();
        Group(db, ref rows, size, groups);
        return size * groups / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static long[] Group(ILogDatabase db, ref long rows, int size, int groups)
    {
        var ticks = new long[groups];
        for (var group = 0; group < groups; group++)
        {
            var start = Stopwatch.GetTimestamp();
            db.Append(rows, size);
            rows += size;
            ticks[group] = Stopwatch.GetTimestamp() - start;
        }
        return ticks;
    }
}
