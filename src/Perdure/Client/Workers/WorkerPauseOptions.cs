using Perdure.Authoring;

namespace Perdure;

/// <summary>How a worker is paused. Immutable.</summary>
public sealed record WorkerPauseOptions
{
    /// <summary>Who pauses, for people. At most 255 characters.</summary>
    /// <value>Default: null.</value>
    public string? By { get; init; }

    /// <summary>Why, for people. Shortened to 4,096 characters.</summary>
    /// <value>Default: null.</value>
    public string? Reason { get; init; }

    internal void Validate()
    {
        if (By is not null) OptionRules.CheckText("WorkerPauseOptions.By", By, PerdureDefaults.MaxNameLength);
    }
}
