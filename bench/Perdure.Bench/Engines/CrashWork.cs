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
    private static long[] _began = [];

    /// <summary>How many steps have begun in this process.</summary>
    public static int Total => Volatile.Read(ref _total);

    /// <summary>When each of them began, in stopwatch ticks.</summary>
    public static IReadOnlyList<long> Began => _began.AsSpan(0, Math.Min(Total, _began.Length)).ToArray();

    public static void Prepare(int runs, int steps, TimeSpan duration) =>
        (_executed, _began, _steps, _duration) = (new int[runs * steps], new long[runs * steps], steps, duration);

    public static async Task<int> StepAsync(int run, int step)
    {
        Interlocked.Increment(ref _executed[run * _steps + step]);
        var number = Interlocked.Increment(ref _total) - 1;
        if (number < _began.Length) _began[number] = Stopwatch.GetTimestamp();
        if (_duration > TimeSpan.Zero) await Task.Delay(_duration);
        // By the result one can tell whose execution was recorded.
        return Environment.ProcessId;
    }

    /// <summary>Executions by run and step.</summary>
    public static IReadOnlyList<int> Executed => _executed;
}
