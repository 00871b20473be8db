using System.Globalization;
using Perdure.Authoring;

namespace Perdure;

/// <summary>How something is done to many runs. Immutable.</summary>
public sealed record BulkOptions
{
    /// <summary>Only looks: counts the runs and names the first ones.</summary>
    /// <value>Default: false.</value>
    public bool DryRun { get; init; }

    /// <summary>Runs a second at most, 1 to 10,000.</summary>
    /// <value>Default: 100.</value>
    public int PerSecond { get; init; } = PerdureDefaults.BulkPerSecond;

    /// <summary>Runs in all at most, the newest; at least 1.</summary>
    /// <value>Default: null, all that the filter finds.</value>
    public int? AtMost { get; init; }

    /// <summary>Why, for people, of a cancellation or termination.</summary>
    /// <value>Default: null.</value>
    public string? Reason { get; init; }

    /// <summary>How each is cancelled.</summary>
    /// <value>Default: null, as a cancellation without options.</value>
    public CancelOptions? Cancel { get; init; }

    /// <summary>Is told how far it has come, every 100 runs and at the end.</summary>
    /// <value>Default: null.</value>
    public IProgress<BulkReport>? Progress { get; init; }

    internal void Validate()
    {
        if (PerSecond is < 1 or > PerdureDefaults.MaxBulkPerSecond)
            throw new InvalidOptionException("BulkOptions.PerSecond", string.Create(CultureInfo.InvariantCulture, $"BulkOptions.PerSecond is 1 to {PerdureDefaults.MaxBulkPerSecond}, not {PerSecond}."));
        if (AtMost < 1) throw new InvalidOptionException("BulkOptions.AtMost", string.Create(CultureInfo.InvariantCulture, $"BulkOptions.AtMost is at least 1, not {AtMost}."));
        Cancel?.Validate();
    }
}
