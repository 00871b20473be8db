using System.Diagnostics;
using Perdure.Bench.Limits;
using Perdure.Bench.Measuring;

namespace Perdure.Bench.Cases;

/// <summary>What SQLite itself can do on this disk, its log reused in place: one event a transaction, 100, 1000.</summary>
internal static class CommitLimits
{
    public const string Name = "limit: commits";

    /// <summary>So many lone commits are measured, and as many fill the log before: more than it holds.</summary>
    public const int StandardCommits = 1000;

    public static Case Create(Scratch scratch, int commits = StandardCommits) =>
        new(Name, () => Task.FromResult(Measure(scratch, commits))) { Settings = [("store", "sqlite"), ("commits", commits)] };

    private static Figures Measure(Scratch scratch, int commits)
    {
        var path = scratch.NewFile();
        var figures = new Figures();
        long rows = 0;
        using (var db = new LogDatabase(path))
        {
            rows = FillLog(db, commits);
            figures.SetLatency("loneCommit", Group(db, ref rows, size: 1, groups: commits));
            figures["loneCommitsPerSecond"] = PerSecond(db, ref rows, size: 1, groups: commits);
            figures["rowsPerSecondBy100"] = PerSecond(db, ref rows, size: 100, Math.Max(1, commits * 2 / 5));
            figures["rowsPerSecondBy1000"] = PerSecond(db, ref rows, size: 1000, Math.Max(1, commits * 3 / 50));
            db.Expect(runs: 0, rows);
        }
        Scratch.Remove(path);
        return figures;
    }

    /// <summary>
    /// Commits until the log has been moved into the file at least once and is overwritten from its beginning; answers with the rows that
    /// this took.
    /// </summary>
    public static long FillLog(LogDatabase db, int commits = StandardCommits)
    {
        long rows = 0;
        Group(db, ref rows, size: 1, groups: commits);
        return rows;
    }

    private static double PerSecond(LogDatabase db, ref long rows, int size, int groups)
    {
        var start = Stopwatch.GetTimestamp();
        Group(db, ref rows, size, groups);
        return size * groups / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static long[] Group(LogDatabase db, ref long rows, int size, int groups)
    {
        var ticks = new long[groups];
        for (var group = 0; group < groups; group++)
        {
            var start = Stopwatch.GetTimestamp();
            db.Begin();
            for (var i = 0; i < size; i++, rows++) db.InsertEvent(rows / 5, (int)(rows % 5), start, Bytes.Event);
            db.Commit();
            ticks[group] = Stopwatch.GetTimestamp() - start;
        }
        return ticks;
    }
}
