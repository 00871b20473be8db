namespace Perdure.Bench.Measuring;

/// <summary>The figures of all cases, by round.</summary>
internal sealed class Results
{
    private readonly Dictionary<string, List<Figures>> _rounds = new(StringComparer.Ordinal);

    public Results(IReadOnlyList<Case> cases)
    {
        Cases = cases;
        foreach (var one in cases) _rounds.Add(one.Name, []);
    }

    public IReadOnlyList<Case> Cases { get; }

    public void Add(Case measured, Figures figures) => _rounds[measured.Name].Add(figures);

    public IReadOnlyList<Figures> Of(string name) => _rounds.TryGetValue(name, out var rounds) ? rounds : [];

    /// <summary>A figure of a case; null when the case has not measured it.</summary>
    public Spread? Find(string name, string figure)
    {
        var values = new List<double>();
        foreach (var round in Of(name))
            if (round.TryGet(figure, out var value)) values.Add(value);
        return Spread.Of(values);
    }

    /// <summary>The quotients of each round, so that a slow round of a shared machine weighs on both sides alike.</summary>
    public Spread? Find(string name, Ratio ratio)
    {
        var (ours, theirs) = (Of(name), Of(ratio.Other));
        var values = new List<double>();
        for (var i = 0; i < Math.Min(ours.Count, theirs.Count); i++)
        {
            if (ours[i].TryGet(ratio.Figure, out var dividend) && theirs[i].TryGet(ratio.OtherFigure, out var divisor))
                values.Add(dividend / divisor);
        }
        return Spread.Of(values);
    }
}
