using Perdure.Authoring;

namespace Perdure;

/// <summary>How a run is paused. Immutable.</summary>
public sealed record PauseOptions
{
    /// <summary>
    /// Whether steps that run are interrupted instead of being waited for: their tokens fire, what they still return is dropped, and they begin anew under the same attempt number when the run goes on.
    /// A step that runs at most once is waited for all the same.
    /// </summary>
    /// <value>Default: false.</value>
    public bool Interrupt { get; init; }

    /// <summary>Why, for people: it stands in the history.</summary>
    /// <value>Default: null.</value>
    public string? Reason { get; init; }

    /// <summary>Who pauses, for people: it stands in the history. At most 255 characters.</summary>
    /// <value>Default: null.</value>
    public string? By { get; init; }

    internal void Validate()
    {
        if (By is not null) OptionRules.CheckText("PauseOptions.By", By, PerdureDefaults.MaxNameLength);
    }
}
