namespace Perdure.Bench.Measuring;

/// <summary>What one run of a case measured: named numbers, in the order in which they were set.</summary>
internal sealed class Figures
{
    private readonly List<string> _names = [];
    private readonly Dictionary<string, double> _values = new(StringComparer.Ordinal);

    public IReadOnlyList<string> Names => _names;

    public double this[string name]
    {
        get => _values[name];
        set
        {
            if (_values.TryAdd(name, value)) _names.Add(name);
            else _values[name] = value;
        }
    }

    public bool TryGet(string name, out double value) => _values.TryGetValue(name, out value);

    /// <summary>Sets the percentiles of latencies in milliseconds, as <c>p50Ms</c> or, with a prefix, <c>prefixP50Ms</c>.</summary>
    public void SetLatency(string prefix, long[] ticks)
    {
        var sorted = Statistics.Sorted(ticks);
        var p = prefix.Length == 0 ? "p" : prefix + "P";
        this[p + "50Ms"] = Statistics.Milliseconds(Statistics.Percentile(sorted, 0.50));
        this[p + "95Ms"] = Statistics.Milliseconds(Statistics.Percentile(sorted, 0.95));
        this[p + "99Ms"] = Statistics.Milliseconds(Statistics.Percentile(sorted, 0.99));
    }
}
