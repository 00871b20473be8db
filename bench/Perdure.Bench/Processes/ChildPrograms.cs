using System.Diagnostics;
using Perdure.Bench.Command;
using Perdure.Bench.Engines;
using Perdure.Bench.Measuring;

namespace Perdure.Bench.Processes;

/// <summary>What this program does as a child of itself. The parent reads the words that it prints.</summary>
internal static class ChildPrograms
{
    public const string Nothing = "child-nothing";
    public const string FirstRun = "child-first-run";
    public const string InFlight = "child-in-flight";
    public const string Recover = "child-recover";
    public const string Work = "child-work";
    public const string Inherit = "child-inherit";

    public const string FirstRunWord = "FIRST";
    public const string InFlightWord = "INFLIGHT";
    public const string RecoveredWord = "RECOVERED";
    public const string ReadyWord = "READY";

    private const int StartsInFlight = 100;

    /// <summary>How long a step of the process that will be killed takes: long enough that all runs are under way together.</summary>
    private const int StandardStepMs = 10;

    private static Place PlaceOf(Arguments args) => new(Backends.Parse(args.Text("store", "sqlite")), args.Text("db", ""));

    /// <summary>The cost of a process of this runtime that does nothing.</summary>
    public static int SayFirst()
    {
        Console.WriteLine(FirstRunWord);
        return 0;
    }

    /// <summary>An engine on an empty database, until its first workflow has completed.</summary>
    public static async Task<int> RunFirstAsync(Arguments args)
    {
        var place = PlaceOf(args);
        args.RefuseUnknown();
        await using var engine = await BenchEngine.StartAsync(place);
        var result = await engine.RunAsync(Workloads.Steps, new StepsInput(1, 0));
        Console.WriteLine(FirstRunWord);
        return result == 1 ? 0 : 1;
    }

    /// <summary>Starts runs and says so when half of their steps have begun. Then it goes on; its parent kills it.</summary>
    public static async Task<int> StartRunsAsync(Arguments args)
    {
        var (place, runs, steps) = (PlaceOf(args), args.Number("runs", 1000), args.Number("steps", 20));
        var (duration, workers) = (TimeSpan.FromMilliseconds(args.Number("step-ms", StandardStepMs)), args.Number("workers", 1));
        args.RefuseUnknown();
        CrashWork.Prepare(runs, steps, duration);
        await using var engine = await BenchEngine.StartAsync(place);
        // What is started before this worker is there would be anybody's.
        while (Database.CountWorkers(place) < workers) await Task.Delay(1);
        await Load.RunAsync(runs, StartsInFlight, run => engine.Client.StartAsync(Workloads.Crashes, new CrashInput(run, steps)));
        while (CrashWork.Total < runs * steps / 2) await Task.Delay(1);
        Console.WriteLine(InFlightWord);
        await Task.Delay(TimeSpan.FromMinutes(1));
        return 1;
    }

    /// <summary>A worker, until its parent ends it.</summary>
    public static async Task<int> WorkAsync(Arguments args)
    {
        var place = PlaceOf(args);
        args.RefuseUnknown();
        await using var engine = await BenchEngine.StartAsync(place);
        Console.WriteLine(ReadyWord);
        await Console.In.ReadToEndAsync();
        return 0;
    }

    /// <summary>A worker that has nothing to do until another dies. At its end it writes how often each step began here, and when.</summary>
    public static async Task<int> InheritAsync(Arguments args)
    {
        var (place, runs, steps, log) = (PlaceOf(args), args.Number("runs", 1000), args.Number("steps", 20), args.Text("log", ""));
        args.RefuseUnknown();
        CrashWork.Prepare(runs, steps, TimeSpan.Zero);
        await using var engine = await BenchEngine.StartAsync(place);
        Console.WriteLine(ReadyWord);
        await Console.In.ReadToEndAsync();
        await File.WriteAllLinesAsync(log, [string.Join(' ', CrashWork.Executed), string.Join(' ', CrashWork.Began)]);
        return 0;
    }

    /// <summary>Finishes what a killed process has left, and writes how often each step began here.</summary>
    public static async Task<int> RecoverAsync(Arguments args)
    {
        var (place, runs, steps, log) = (PlaceOf(args), args.Number("runs", 1000), args.Number("steps", 20), args.Text("log", ""));
        args.RefuseUnknown();
        CrashWork.Prepare(runs, steps, TimeSpan.Zero);
        var start = Stopwatch.GetTimestamp();
        await using var engine = await BenchEngine.StartAsync(place);
        while (Database.CountLive(place) > 0) await Task.Delay(2);
        var elapsed = Stopwatch.GetElapsedTime(start);
        Console.WriteLine(FormattableString.Invariant($"{RecoveredWord} {elapsed.TotalMilliseconds:0.0}"));
        await File.WriteAllTextAsync(log, string.Join(' ', CrashWork.Executed));
        return 0;
    }
}
