using System.Diagnostics;
using Perdure.Bench.Measuring;
using Perdure.Bench.Processes;

namespace Perdure.Bench.Cases;

/// <summary>From the start of a process to its first completed workflow on a database that does not exist yet.</summary>
internal static class Startup
{
    public const string Name = "sqlite: startup";
    private const int Samples = 3;

    public static Case Create(Scratch scratch) =>
        new(Name, () => MeasureAsync(scratch)) { Settings = [("store", "sqlite")], IsOutside = true };

    private static async Task<Figures> MeasureAsync(Scratch scratch)
    {
        var (first, bare) = (new List<double>(), new List<double>());
        for (var i = 0; i < Samples; i++)
        {
            var path = scratch.NewFile();
            bare.Add(await TimeAsync(ChildPrograms.Nothing));
            first.Add(await TimeAsync(ChildPrograms.FirstRun, "--db", path));
            Scratch.Remove(path);
        }
        return new Figures
        {
            ["firstCompletedMs"] = Statistics.Median(first),
            ["bareRuntimeMs"] = Statistics.Median(bare),
            ["aboveBareRuntimeMs"] = Statistics.Median(first) - Statistics.Median(bare),
        };
    }

    private static async Task<double> TimeAsync(params string[] args)
    {
        var start = Stopwatch.GetTimestamp();
        using var child = ChildProcess.Start(args);
        await child.ExpectAsync(ChildPrograms.FirstRunWord);
        var elapsed = Stopwatch.GetElapsedTime(start);
        await child.WaitForExitAsync();
        return elapsed.TotalMilliseconds;
    }
}
