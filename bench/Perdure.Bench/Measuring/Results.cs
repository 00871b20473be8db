namespace Perdure.Bench.Measuring;

/// <summary>The figures of all cases, by round.</summary>
internal sealed class Results(IReadOnlyList<Case> cases)
{
    private readonly Dictionary<string, List<Figures>> _rounds = cases.ToDictionary(c => c.Name, _ => new List<Figures>(), StringComparer.Ordinal);

    public IReadOnlyList<Case> Cases { get; } = cases;

    public void Add(Case measured, Figures figures) => _rounds[measured.Name].Add(figures);

    public IReadOnlyList<Figures> Of(string name) => _rounds.TryGetValue(name, out var rounds) ? rounds : [];

    /// <summary>Median of a figure over all rounds; null when the case has not measured it.</summary>
    public double? Median(string name, string figure) => Spread(name, figure)?.Median;

    /// <summary>Median and extremes of a figure.</summary>
    public (double Median, double Least, double Most)? Spread(string name, string figure)
    {
        var values = new List<double>();
        foreach (var round in Of(name))
            if (round.TryGet(figure, out var value)) values.Add(value);
        return values.Count == 0 ? null : (Statistics.Median(values), values.Min(), values.Max());
    }

    /// <summary>Median of the quotients of each round, so that a slow round of a shared machine weighs on both sides alike.</summary>
    public (double Median, double Least, double Most)? Spread(string name, Ratio ratio)
    {
        var (ours, theirs) = (Of(name), Of(ratio.Other));
        var values = new List<double>();
        for (var i = 0; i < Math.Min(ours.Count, theirs.Count); i++)
            if (ours[i].TryGet(ratio.Figure, out var dividend) && theirs[i].TryGet(ratio.OtherFigure, out var divisor)) values.Add(dividend / divisor);
        return values.Count == 0 ? null : (Statistics.Median(values), values.Min(), values.Max());
    }
}
