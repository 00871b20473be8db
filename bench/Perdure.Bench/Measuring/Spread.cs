namespace Perdure.Bench.Measuring;

/// <summary>A figure over all rounds.</summary>
internal readonly record struct Spread(double Median, double Least, double Most)
{
    /// <summary>Null for no values.</summary>
    public static Spread? Of(IReadOnlyCollection<double> values) =>
        values.Count == 0 ? null : new Spread(Statistics.Median(values), values.Min(), values.Max());
}
