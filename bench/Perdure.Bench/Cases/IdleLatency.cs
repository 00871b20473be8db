using System.Diagnostics;
using Perdure.Bench.Engines;
using Perdure.Bench.Limits;
using Perdure.Bench.Measuring;

namespace Perdure.Bench.Cases;

/// <summary>
/// How long one run takes on an engine that has nothing else to do, in milliseconds and in lone commits. The lone commits are made between
/// the runs, on the same disk, so that both meet the same machine; and both files have filled their log once, because a log that still
/// grows makes every commit dearer.
/// </summary>
internal static class IdleLatency
{
    private const int Blocks = 10;
    private const int ShortPerBlock = 20;
    private const int LongPerBlock = 2;
    private const int LongSteps = 100;
    private const int LongRunsToFillTheLog = 10;

    public static string NameOf(Backend backend) => $"{backend.Text()}: idle latency";

    public static Case Create(Scratch scratch, Backend backend) =>
        new(NameOf(backend), () => MeasureAsync(scratch, backend)) { Settings = [("store", backend.Text())] };

    private static async Task<Figures> MeasureAsync(Scratch scratch, Backend backend)
    {
        // What memory and folders do is measured against the disk too.
        var (place, limitPlace) = (scratch.NewPlace(backend), scratch.NewPlace(backend is Backend.Memory or Backend.File ? Backend.Sqlite : backend));
        var figures = new Figures();
        var shortStrict = new StepsInput(1, Throughput.StandardPayload);
        var longStrict = new StepsInput(LongSteps, Throughput.StandardPayload);
        var (shortDeferred, longDeferred) = (shortStrict with { Deferred = true }, longStrict with { Deferred = true });
        List<long> lone = [], one = [], hundred = [], oneDeferred = [], hundredDeferred = [], start = [], signal = [];
        using (var limit = ILogDatabase.Open(limitPlace))
        await using (var engine = await BenchEngine.StartAsync(place))
        {
            var rows = CommitLimits.FillLog(limit);
            await RunsAsync(engine, longStrict, LongRunsToFillTheLog, []);
            await RunsAsync(engine, shortStrict, ShortPerBlock, []);
            for (var block = 0; block < Blocks; block++)
            {
                Commit(limit, ref rows, lone);
                await RunsAsync(engine, shortStrict, ShortPerBlock, one);
                await RunsAsync(engine, shortDeferred, ShortPerBlock, oneDeferred);
                for (var i = 0; i < ShortPerBlock; i++) start.Add(await engine.RunAsync(Workloads.Stamp, Stopwatch.GetTimestamp()));
                Commit(limit, ref rows, lone);
                await RunsAsync(engine, longStrict, LongPerBlock, hundred);
                await RunsAsync(engine, longDeferred, LongPerBlock, hundredDeferred);
                await SignalsAsync(engine, signal);
            }
        }
        scratch.Remove(place);
        scratch.Remove(limitPlace);

        figures.SetLatency("loneCommit", [.. lone]);
        figures.SetLatency("oneStep", [.. one]);
        figures.SetLatency("oneStepDeferred", [.. oneDeferred]);
        figures.SetLatency("hundredSteps", [.. hundred]);
        figures.SetLatency("hundredStepsDeferred", [.. hundredDeferred]);
        figures.SetLatency("enqueueToStart", [.. start]);
        figures.SetLatency("signalToCompleted", [.. signal]);
        var commit = figures["loneCommitP50Ms"];
        figures["oneStepInCommits"] = figures["oneStepP50Ms"] / commit;
        figures["oneStepDeferredInCommits"] = figures["oneStepDeferredP50Ms"] / commit;
        figures["hundredStepsOf101Commits"] = figures["hundredStepsP50Ms"] / commit / (LongSteps + 1);
        figures["hundredStepsDeferredInCommits"] = figures["hundredStepsDeferredP50Ms"] / commit;
        figures["enqueueToStartInCommits"] = figures["enqueueToStartP50Ms"] / commit;
        figures["signalToCompletedInCommits"] = figures["signalToCompletedP50Ms"] / commit;
        return figures;
    }

    private static void Commit(ILogDatabase limit, ref long rows, List<long> ticks)
    {
        for (var i = 0; i < ShortPerBlock; i++)
        {
            var start = Stopwatch.GetTimestamp();
            limit.Append(rows++, 1);
            ticks.Add(Stopwatch.GetTimestamp() - start);
        }
    }

    private static async Task RunsAsync(BenchEngine engine, StepsInput input, int count, List<long> ticks)
    {
        var expected = Workloads.ResultOf(input);
        for (var i = 0; i < count; i++)
        {
            var start = Stopwatch.GetTimestamp();
            var result = await engine.RunAsync(Workloads.Steps, input);
            ticks.Add(Stopwatch.GetTimestamp() - start);
            if (result != expected) throw new InvalidOperationException("A run returned something else than its steps did.");
        }
    }

    private static async Task SignalsAsync(BenchEngine engine, List<long> ticks)
    {
        for (var i = 0; i < ShortPerBlock; i++)
        {
            var run = await engine.StartSuspendedAsync(Workloads.Waits, 0);
            var start = Stopwatch.GetTimestamp();
            var ended = run.ResultAsync();
            await run.SignalAsync(Workloads.Go, i);
            var result = await ended;
            ticks.Add(Stopwatch.GetTimestamp() - start);
            if (result != i) throw new InvalidOperationException("A run did not return the payload of its signal.");
        }
    }
}
