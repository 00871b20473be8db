using System.Globalization;

namespace Perdure.Bench.Measuring;

/// <summary>A promised figure: the limit that must hold and the goal behind it.</summary>
/// <param name="Name">What is promised.</param>
/// <param name="Limit">The bar.</param>
/// <param name="Goal">The goal.</param>
/// <param name="Unit">Unit behind the number, or empty.</param>
/// <param name="Measure">Takes it from the results; null when it was not measured.</param>
internal sealed record Bar(string Name, double Limit, double Goal, string Unit, Func<Results, Spread?> Measure)
{
    /// <summary>Whether more is better; else less is.</summary>
    public bool MoreIsBetter { get; init; }

    public string Format(double value) =>
        value.ToString(Math.Abs(value) switch { >= 1000 => "N0", >= 100 => "0", _ => "0.##" }, CultureInfo.InvariantCulture)
        + (Unit.Length == 0 ? "" : " " + Unit);

    public string Verdict(double value) =>
        MoreIsBetter
            ? value >= Goal ? "goal" : value >= Limit ? "bar" : "missed"
            : value <= Goal ? "goal" : value <= Limit ? "bar" : "missed";
}
