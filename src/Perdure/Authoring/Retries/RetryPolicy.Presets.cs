using Perdure.Authoring;

namespace Perdure;

/// <content>Ready-made policies. All but <see cref="Default"/> and <see cref="Unlimited"/> have jitter 0.</content>
public sealed partial record RetryPolicy
{
    /// <summary>The policy of steps and activities that give none: 3 attempts, 1 s × 2.0, at most 60 s, jitter 0.1.</summary>
    public static RetryPolicy Default { get; } = new();

    /// <summary>One attempt.</summary>
    public static RetryPolicy None { get; } = new() { MaxAttempts = 1, Jitter = 0 };

    /// <summary>The default waits, and no limit of attempts.</summary>
    public static RetryPolicy Unlimited { get; } = new() { MaxAttempts = UnlimitedAttempts };

    /// <summary>Waits of <c>base^n</c> seconds: for 2 they are 2, 4, 8, 16, 32, 60, 60 s.</summary>
    /// <param name="base">At least 1.</param>
    /// <param name="max">The longest wait; null for 60 s.</param>
    public static RetryPolicy Exponential(double @base = 2, TimeSpan? max = null) => new()
    {
        InitialDelay = RetryRules.Seconds(nameof(@base), @base),
        Coefficient = @base,
        MaxDelay = max ?? PerdureDefaults.RetryMaxDelay,
        Jitter = 0,
    };

    /// <summary>Waits that grow by the same step: for 30 s they are 30, 60, 90 s.</summary>
    /// <param name="step">The first wait, and what is added to each.</param>
    /// <param name="max">The longest wait; null (the default) for no limit.</param>
    public static RetryPolicy Linear(TimeSpan step, TimeSpan? max = null) =>
        new() { Backoff = Backoff.Linear, InitialDelay = step, Coefficient = 1, MaxDelay = max, Jitter = 0 };

    /// <summary>Always the same wait.</summary>
    /// <param name="delay">The wait.</param>
    public static RetryPolicy Constant(TimeSpan delay) =>
        new() { Backoff = Backoff.Constant, InitialDelay = delay, Coefficient = 1, MaxDelay = null, Jitter = 0 };

    /// <summary>These waits one after the other; the last one repeats.</summary>
    /// <param name="delays">At least one.</param>
    public static RetryPolicy List(params IReadOnlyList<TimeSpan> delays)
    {
        ArgumentNullException.ThrowIfNull(delays);
        if (delays.Count == 0) throw RetryRules.Invalid("List", "it needs at least one wait");
        TimeSpan[] copy = [.. delays];
        foreach (TimeSpan delay in copy) RetryRules.CheckDelay("List", delay);
        return new() { Backoff = Backoff.List, Delays = copy, InitialDelay = copy[0], Coefficient = 1, MaxDelay = null, Jitter = 0 };
    }

    /// <summary>These waits one after the other, in seconds; the last one repeats: 1, 5, 10 gives 1, 5, 10, 10 s.</summary>
    /// <param name="seconds">At least one.</param>
    public static RetryPolicy List(params IReadOnlyList<double> seconds)
    {
        ArgumentNullException.ThrowIfNull(seconds);
        var delays = new TimeSpan[seconds.Count];
        for (int i = 0; i < delays.Length; i++) delays[i] = RetryRules.Seconds("List", seconds[i]);
        return List(delays);
    }

    /// <summary>A policy from options by name, as they stand in configuration files and in other engines.</summary>
    /// <param name="options">
    /// <c>max_attempts</c> (a number or <c>unlimited</c>) or <c>max_retries</c>; <c>backoff</c>: <c>exponential</c>, <c>linear</c>,
    /// <c>constant</c> or <c>list</c>; <c>base</c>: a number for exponential, else a duration; <c>max_backoff</c>; <c>delays</c>: durations
    /// with commas between; <c>jitter</c>; <c>non_retryable</c>: codes with commas between. Without <c>backoff</c> the waits are the
    /// default ones.
    /// </param>
    /// <exception cref="InvalidOptionException">
    /// A name is unknown, a value cannot be read, or two options contradict each other.
    /// </exception>
    public static RetryPolicy FromOptions(IEnumerable<KeyValuePair<string, string>> options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return RetryOptionsReader.Read(options);
    }

    /// <summary>The default policy with one of the counts of an attribute; null when neither was written down.</summary>
    internal static RetryPolicy? FromCounts(int? maxAttempts, int? maxRetries) => (maxAttempts, maxRetries) switch
    {
        (null, null) => null,
        (not null, not null) => throw RetryRules.BothCounts(),
        ({ } attempts, _) => new RetryPolicy { MaxAttempts = attempts },
        (_, { } retries) => new RetryPolicy { MaxRetries = retries },
    };
}
