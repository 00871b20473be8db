using System.Diagnostics;
using System.Globalization;
using Perdure.Bench.Engines;

namespace Perdure.Bench.Measuring;

/// <summary>
/// What other processes take of the processors meanwhile. A figure that was measured beside a busy neighbour is no figure; this one says
/// so. Linux only.
/// </summary>
internal static class Neighbours
{
    private const double CalmPercent = 15;
    private const double TicksPerSecond = 100;
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    public static bool IsKnown { get; } = OperatingSystem.IsLinux() && File.Exists("/proc/stat");

    /// <summary>Whether that much of a processor, taken by others, leaves a figure what it is.</summary>
    public static bool IsCalm(double percent) => percent < CalmPercent;

    /// <summary>Begins to watch.</summary>
    public static Watch Begin() => new(Stopwatch.GetTimestamp(), IsKnown ? All() - Own() - ServerUse.Seconds() : 0);

    /// <summary>Waits until nobody else is busy, at most so long.</summary>
    public static async Task CalmAsync(TimeSpan atMost)
    {
        for (var start = Stopwatch.GetTimestamp(); IsKnown && Stopwatch.GetElapsedTime(start) < atMost;)
        {
            var watch = Begin();
            await Task.Delay(Look);
            if (IsCalm(watch.Percent())) return;
        }
    }

    /// <summary>Seconds that all processors have been busy since the machine started.</summary>
    private static double All()
    {
        // cpu user nice system idle iowait irq softirq steal …
        var fields = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        double ticks = 0;
        foreach (var field in (ReadOnlySpan<int>)[1, 2, 3, 6, 7, 8]) ticks += Number(fields[field]);
        return ticks / TicksPerSecond;
    }

    /// <summary>Seconds that this process and its ended children have been busy.</summary>
    private static double Own()
    {
        var text = File.ReadAllText("/proc/self/stat");
        var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
        return (Number(fields[11]) + Number(fields[12]) + Number(fields[13]) + Number(fields[14])) / TicksPerSecond;
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    internal readonly record struct Watch(long Started, double Busy)
    {
        /// <summary>Processor time of others since then, in percent of one processor.</summary>
        public double Percent() => Math.Max(0, (All() - Own() - ServerUse.Seconds() - Busy) / Stopwatch.GetElapsedTime(Started).TotalSeconds * 100);
    }
}
