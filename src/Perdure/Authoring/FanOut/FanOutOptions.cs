using System.Globalization;

namespace Perdure;

/// <summary>Options of a fan-out. Immutable.</summary>
public sealed record FanOutOptions
{
    /// <summary>When it is over.</summary>
    /// <value>Default: <see cref="FanOutStrategy.FailFast"/>.</value>
    public FanOutStrategy Strategy { get; init; } = FanOutStrategy.FailFast;

    /// <summary>How many items are under way at a time, over all workers: 1 to 1,000.</summary>
    /// <value>Default: 1,000.</value>
    public int MaxConcurrent { get; init; } = PerdureDefaults.FanOutWindow;

    /// <summary>Whether items that are cancelled because the outcome is certain are waited for; then their true outcomes count.</summary>
    /// <value>Default: false, they count as cancelled.</value>
    public bool AwaitCancelled { get; init; }

    internal void Validate()
    {
        if (MaxConcurrent is < 1 or > PerdureDefaults.FanOutWindow)
            throw new InvalidOptionException("FanOutOptions.MaxConcurrent", string.Create(CultureInfo.InvariantCulture,
                $"FanOutOptions.MaxConcurrent is 1 to {PerdureDefaults.FanOutWindow}, not {MaxConcurrent}."));
        if (Strategy is null) throw new InvalidOptionException("FanOutOptions.Strategy", "FanOutOptions.Strategy is null; leave it out for FailFast.");
    }
}
