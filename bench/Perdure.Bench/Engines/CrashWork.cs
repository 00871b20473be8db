using System.Diagnostics;

namespace Perdure.Bench.Engines;

/// <summary>A run of the crash case: its number and how many steps it has.</summary>
internal sealed record CrashInput(int Index, int Steps);

/// <summary>The steps of the crash case. They count themselves, so that a second execution is seen.</summary>
internal static class CrashWork
{
    private static int[] _executed = [];
    private static TimeSpan _duration;
    private static int _steps;
    private static int _total;
    private static long _first;

    /// <summary>How many steps have begun in this process.</summary>
    public static int Total => Volatile.Read(ref _total);

    /// <summary>When the first of them began, in stopwatch ticks; 0 for not yet.</summary>
    public static long First => Volatile.Read(ref _first);

    public static void Prepare(int runs, int steps, TimeSpan duration) =>
        (_executed, _steps, _duration) = (new int[runs * steps], steps, duration);

    public static async Task<int> StepAsync(int run, int step)
    {
        Interlocked.Increment(ref _executed[run * _steps + step]);
        if (Interlocked.Increment(ref _total) == 1) Volatile.Write(ref _first, Stopwatch.GetTimestamp());
        if (_duration > TimeSpan.Zero) await Task.Delay(_duration);
        // By the result one can tell whose execution was recorded.
        return Environment.ProcessId;
    }

    /// <summary>Executions by run and step.</summary>
    public static IReadOnlyList<int> Executed => _executed;
}
