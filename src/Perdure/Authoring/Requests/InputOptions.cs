using Perdure.Authoring;

namespace Perdure;

/// <summary>What happens when nobody answered in time.</summary>
public enum InputTimeout
{
    /// <summary>The workflow goes on with <see cref="InputOptions.DefaultValue"/>.</summary>
    Resume,
    /// <summary>The workflow gets an <see cref="InputTimeoutException"/>.</summary>
    Fail,
}

/// <summary>Options of a question to people. Immutable.</summary>
public sealed record InputOptions
{
    /// <summary>How long the question stays open, fixed when it is recorded.</summary>
    /// <value>Default: until it is answered.</value>
    public TimeSpan? Timeout { get; init; }

    /// <summary>What happens then.</summary>
    /// <value>Default: <see cref="InputTimeout.Resume"/>.</value>
    public InputTimeout OnTimeout { get; init; }

    /// <summary>The answer when nobody gave one in time, of the type that the question asks for.</summary>
    /// <value>Default: the default of that type.</value>
    public object? DefaultValue { get; init; }

    /// <summary>Whom it is meant for; lists filter by it.</summary>
    /// <value>Default: nobody in particular.</value>
    public string? Assignee { get; init; }

    /// <summary>What else to show to people.</summary>
    /// <value>Default: nothing.</value>
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    /// <summary>Words to sort questions by.</summary>
    /// <value>Default: none.</value>
    public IReadOnlyList<string>? Tags { get; init; }

    internal void Validate()
    {
        OptionRules.CheckDefined(nameof(OnTimeout), OnTimeout);
        if (Timeout is { } timeout) SleepLimit.Check(timeout);
        if (OnTimeout == InputTimeout.Fail && Timeout is null)
            throw new InvalidOptionException(nameof(OnTimeout), "A question that fails when its time is up needs a Timeout.");
        if (OnTimeout == InputTimeout.Fail && DefaultValue is not null)
            throw new InvalidOptionException(nameof(DefaultValue), "A question that fails when its time is up has no default value; leave one of the two away.");
    }
}
