namespace Perdure.Bench.Measuring;

/// <summary>Something that is measured once a round. Each run makes its own files, checks what it has written and cleans up.</summary>
/// <param name="Name">Unique name, as in tables.</param>
/// <param name="Run">Measures once.</param>
internal sealed record Case(string Name, Func<Task<Figures>> Run)
{
    /// <summary>Settings that belong to the figures: store, steps, runs in flight.</summary>
    public IReadOnlyList<(string Name, object Value)> Settings { get; init; } = [];

    /// <summary>Ratios to what other cases measured in the same round.</summary>
    public IReadOnlyList<Ratio> Ratios { get; init; } = [];

    /// <summary>How long one run of it may take before it is given up.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Whether running it warms nothing in this process.</summary>
    public bool IsOutside { get; init; }
}

/// <summary>A figure of a case divided by a figure of another case in the same round.</summary>
/// <param name="Name">How the quotient is called.</param>
/// <param name="Figure">The dividend, of the case that declares the ratio.</param>
/// <param name="Other">Name of the other case.</param>
/// <param name="OtherFigure">The divisor.</param>
internal sealed record Ratio(string Name, string Figure, string Other, string OtherFigure);
