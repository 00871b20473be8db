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

    public const string FirstRunWord = "FIRST";
    public const string InFlightWord = "INFLIGHT";
    public const string RecoveredWord = "RECOVERED";

    private const int StartsInFlight = 100;

    /// <summary>How long a step of the process that will be killed takes: long enough that all runs are under way together.</summary>
    private static readonly TimeSpan StepDuration = TimeSpan.FromMilliseconds(10);

    /// <summary>The cost of a process of this runtime that does nothing.</summary>
    public static int SayFirst()
    {
        Console.WriteLine(FirstRunWord);
        return 0;
    }

    /// <summary>An engine on an empty database, until its first workflow has completed.</summary>
    public static async Task<int> RunFirstAsync(Arguments args)
    {
        var path = args.Text("db", "");
        args.RefuseUnknown();
        await using var engine = await BenchEngine.StartAsync(Backend.Sqlite, path);
        var result = await engine.RunAsync(Workloads.Steps, new StepsInput(1, 0));
        Console.WriteLine(FirstRunWord);
        return result == 1 ? 0 : 1;
    }

    /// <summary>Starts runs and says so when half of their steps have begun. Then it goes on; its parent kills it.</summary>
    public static async Task<int> StartRunsAsync(Arguments args)
    {
        var (path, runs, steps) = (args.Text("db", ""), args.Number("runs", 1000), args.Number("steps", 20));
        args.RefuseUnknown();
        CrashWork.Prepare(runs, steps, StepDuration);
        await using var engine = await BenchEngine.StartAsync(Backend.Sqlite, path);
        await Load.RunAsync(runs, StartsInFlight, run => engine.Client.StartAsync(Workloads.Crashes, new CrashInput(run, steps)));
        while (CrashWork.Total < runs * steps / 2) await Task.Delay(1);
        Console.WriteLine(InFlightWord);
        await Task.Delay(TimeSpan.FromMinutes(1));
        return 1;
    }

    /// <summary>Finishes what a killed process has left, and writes how often each step began here.</summary>
    public static async Task<int> RecoverAsync(Arguments args)
    {
        var (path, runs, steps, log) = (args.Text("db", ""), args.Number("runs", 1000), args.Number("steps", 20), args.Text("log", ""));
        args.RefuseUnknown();
        CrashWork.Prepare(runs, steps, TimeSpan.Zero);
        var start = Stopwatch.GetTimestamp();
        await using var engine = await BenchEngine.StartAsync(Backend.Sqlite, path);
        while (Database.CountLive(path) > 0) await Task.Delay(2);
        var elapsed = Stopwatch.GetElapsedTime(start);
        Console.WriteLine(FormattableString.Invariant($"{RecoveredWord} {elapsed.TotalMilliseconds:0.0}"));
        await File.WriteAllTextAsync(log, string.Join(' ', CrashWork.Executed));
        return 0;
    }
}
