using System.Diagnostics;
using Perdure.Bench.Engines;
using Perdure.Bench.Limits;
using Perdure.Bench.Measuring;
using Perdure.Bench.Processes;

namespace Perdure.Bench.Cases;

/// <summary>
/// One process asks, another works, and neither has anything else to do: from the call of a start until the first step begins, and from the call of a signal until the asker has
/// the result of the run that waited for it. All processes of a machine read the same clock.
/// </summary>
internal static class BetweenProcesses
{
    private const int Samples = 200;
    private const int WarmUp = 20;

    public static string NameOf(Backend backend) => $"{backend.Text()}: between processes";

    public static Case Create(Scratch scratch, Backend backend) =>
        new(NameOf(backend), () => MeasureAsync(scratch, backend)) { Settings = [("store", backend.Text())], IsOutside = true };

    private static async Task<Figures> MeasureAsync(Scratch scratch, Backend backend)
    {
        var (place, limitPlace) = (scratch.NewPlace(backend), scratch.NewPlace(backend));
        List<long> lone = [], start = [], signal = [];
        using (var worker = ChildProcess.Start([ChildPrograms.Work, .. place.Arguments]))
        using (var limit = ILogDatabase.Open(limitPlace))
        {
            await worker.ExpectAsync(ChildPrograms.ReadyWord);
            await using var client = BenchEngine.ClientOf(place);
            var rows = CommitLimits.FillLog(limit);
            for (var i = -WarmUp; i < Samples; i++)
            {
                var began = Stopwatch.GetTimestamp();
                limit.Append(rows++, 1);
                Add(lone, i, Stopwatch.GetTimestamp() - began);
                Add(start, i, await client.RunAsync(Workloads.Stamp, Stopwatch.GetTimestamp()));
                Add(signal, i, await SignalAsync(client, i));
            }
        }
        scratch.Remove(place);
        scratch.Remove(limitPlace);
        var figures = new Figures();
        figures.SetLatency("loneCommit", [.. lone]);
        figures.SetLatency("enqueueToStart", [.. start]);
        figures.SetLatency("signalToCompleted", [.. signal]);
        figures["enqueueToStartAboveTwoCommitsMs"] = figures["enqueueToStartP50Ms"] - 2 * figures["loneCommitP50Ms"];
        figures["signalToCompletedAboveThreeCommitsMs"] = figures["signalToCompletedP50Ms"] - 3 * figures["loneCommitP50Ms"];
        return figures;
    }

    private static async Task<long> SignalAsync(BenchEngine client, int payload)
    {
        var run = await client.StartSuspendedAsync(Workloads.Waits, 0);
        var began = Stopwatch.GetTimestamp();
        var ended = run.ResultAsync();
        await run.SignalAsync(Workloads.Go, payload);
        if (await ended != payload) throw new InvalidOperationException("A run did not return the payload of its signal.");
        return Stopwatch.GetTimestamp() - began;
    }

    private static void Add(List<long> ticks, int sample, long value)
    {
        if (sample >= 0) ticks.Add(value);
    }
}
