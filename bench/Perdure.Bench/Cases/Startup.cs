using System.Diagnostics;
using Perdure.Bench.Engines;
using Perdure.Bench.Measuring;
using Perdure.Bench.Processes;

namespace Perdure.Bench.Cases;

/// <summary>From the start of a process to its first completed workflow on a database that does not exist yet.</summary>
internal static class Startup
{
    public static string NameOf(Backend backend) => $"{backend.Text()}: startup";

    private const int Samples = 3;

    public static Case Create(Scratch scratch, Backend backend) =>
        new(NameOf(backend), () => MeasureAsync(scratch, backend)) { Settings = [("store", backend.Text())], IsOutside = true };

    private static async Task<Figures> MeasureAsync(Scratch scratch, Backend backend)
    {
        var (first, bare) = (new List<double>(), new List<double>());
        for (var i = 0; i < Samples; i++)
        {
            var place = scratch.NewPlace(backend);
            bare.Add(await TimeAsync(ChildPrograms.Nothing));
            first.Add(await TimeAsync([ChildPrograms.FirstRun, .. place.Arguments]));
            scratch.Remove(place);
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
