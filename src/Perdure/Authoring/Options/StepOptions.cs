using Perdure.Authoring;

namespace Perdure;

/// <summary>Options of one step. Immutable, so that one instance may serve many calls.</summary>
public sealed record StepOptions
{
    /// <summary>When and how often a failed attempt is repeated.</summary>
    /// <value>Default: <see cref="PerdureOptions.DefaultRetry"/>, which is 3 attempts, 1 s × 2.0, at most 60 s, jitter 0.1; for an at-most-once step: 1 attempt.</value>
    public RetryPolicy? Retry { get; init; }

    /// <summary>How long one attempt may take. When it is over, the attempt's token fires and the attempt has failed.</summary>
    /// <value>Default: no limit.</value>
    public TimeSpan? Timeout { get; init; }

    /// <summary>What a crash in the middle of the step means.</summary>
    /// <value>Default: <see cref="StepMode.AtLeastOnce"/>.</value>
    public StepMode Mode { get; init; }

    /// <summary>When the outcome must be on disk.</summary>
    /// <value>Default: <see cref="StepDurability.Strict"/>.</value>
    public StepDurability Durability { get; init; }

    /// <summary>Joins the step's fingerprint and its idempotency key, for example an order number. 1 to 255 characters.</summary>
    /// <value>Default: none; the step's number in the run tells it from others.</value>
    public string? Id { get; init; }

    /// <summary>The policy of a step, whether it has options or not; <paramref name="fallback"/> is the engine's.</summary>
    internal static RetryPolicy RetryOf(StepOptions? options, RetryPolicy fallback) =>
        options?.Retry ?? (options?.Mode == StepMode.AtMostOnce ? RetryPolicy.None : fallback);

    /// <summary>The timeout of a step, null for none.</summary>
    internal static TimeSpan? TimeoutOf(StepOptions? options) =>
        options?.Timeout is { } timeout && timeout != System.Threading.Timeout.InfiniteTimeSpan ? timeout : null;

    internal void Validate()
    {
        OptionRules.CheckLimit("StepOptions.Timeout", Timeout);
        OptionRules.CheckDefined("StepOptions.Mode", Mode);
        OptionRules.CheckDefined("StepOptions.Durability", Durability);
        if (Id is not null) OptionRules.CheckText("StepOptions.Id", Id, PerdureDefaults.MaxNameLength);
        Retry?.Validate();
        if (Mode != StepMode.AtMostOnce) return;
        if (Retry is { MaxAttempts: > 1 })
            throw new InvalidOptionException(
                "StepOptions.Retry", "An at-most-once step cannot be retried: leave Retry out or set MaxAttempts = 1.");
        if (Durability == StepDurability.Deferred)
            throw new InvalidOptionException(
                "StepOptions.Durability", "An at-most-once step cannot be deferred: a crash would run it again.");
    }
}
