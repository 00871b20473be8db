using Perdure.Authoring;

namespace Perdure;

/// <summary>Changes what holds a queue back. What is null stays as it is. Immutable.</summary>
public sealed record QueueSettings
{
    /// <summary>How many runs and activities of the queue may be worked on at once, together, by all workers: 1 or more, or 0 for any number.</summary>
    /// <value>Default: null, which changes nothing. A queue has no limit until one is set.</value>
    public int? MaxConcurrency { get; init; }

    /// <summary>
    /// How many of those with one concurrency key, of <see cref="StartOptions.ConcurrencyKey"/> or <see cref="ActivityOptions.ConcurrencyKey"/>: 1 or more, or 0 for any number.
    /// </summary>
    /// <value>Default: null, which changes nothing. A queue has no limit for keys until one is set.</value>
    public int? MaxPerKey { get; init; }

    /// <summary>
    /// How long something waits for each point of priority that it gains, so that what is urgent cannot keep the rest waiting for ever. 1 ms to 10 years, or zero for no ageing.
    /// </summary>
    /// <value>Default: null, which changes nothing. Nothing ages on a queue until this is set.</value>
    public TimeSpan? AgeAfter { get; init; }

    internal void Validate()
    {
        CheckCount("QueueSettings.MaxConcurrency", MaxConcurrency);
        CheckCount("QueueSettings.MaxPerKey", MaxPerKey);
        if (AgeAfter is { } age && age != TimeSpan.Zero && (age < TimeSpan.FromMilliseconds(1) || age > PerdureDefaults.MaxSleep))
            throw new InvalidOptionException("QueueSettings.AgeAfter", $"Something ages every 1 ms to 10 years, or never (0), not every {Durations.Format(age)}.");
    }

    private static void CheckCount(string option, int? count)
    {
        if (count < 0) throw new InvalidOptionException(option, $"{option} is 1 or more, or 0 for any number, not {count}.");
    }
}
