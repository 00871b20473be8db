using System.Diagnostics;

namespace Perdure.Bench.Measuring;

/// <summary>Medians and percentiles.</summary>
internal static class Statistics
{
    public static double Milliseconds(double stopwatchTicks) => stopwatchTicks * 1000 / Stopwatch.Frequency;

    public static long[] Sorted(long[] values)
    {
        var sorted = (long[])values.Clone();
        Array.Sort(sorted);
        return sorted;
    }

    /// <summary>Nearest rank: the smallest value that at least <paramref name="share"/> of all values do not exceed.</summary>
    public static long Percentile(long[] sorted, double share)
    {
        if (sorted.Length == 0) throw new ArgumentException("There are no values.");
        return sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Length) - 1, 0, sorted.Length - 1)];
    }

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        if (sorted.Length == 0) throw new ArgumentException("There are no values.");
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
