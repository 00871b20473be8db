using Perdure.Authoring;

namespace Perdure;

/// <summary>How a run is cancelled. Immutable.</summary>
public sealed record CancelOptions
{
    /// <summary>Whether activities that are still queued run all the same; nobody waits for them.</summary>
    /// <value>Default: false, they are withdrawn.</value>
    public bool KeepQueued { get; init; }

    /// <summary>
    /// How long the run's cleanup may take, 0 to 10 years, from the moment on at which the run is told. Then it is terminated: it ends without any more of its code, and says so.
    /// </summary>
    /// <value>Default: null, as long as it takes.</value>
    public TimeSpan? Grace { get; init; }

    /// <summary>Who cancels, for people: it stands in the history. At most 255 characters.</summary>
    /// <value>Default: null.</value>
    public string? By { get; init; }

    internal void Validate()
    {
        if (Grace is { } grace && (grace < TimeSpan.Zero || grace > PerdureDefaults.MaxSleep))
            throw new InvalidOptionException("CancelOptions.Grace", $"A cleanup may take 0 to 10 years, not {Durations.Format(grace)}.");
        if (By is not null) OptionRules.CheckText("CancelOptions.By", By, PerdureDefaults.MaxNameLength);
    }
}
