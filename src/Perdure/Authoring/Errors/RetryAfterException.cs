namespace Perdure;

/// <summary>
/// Throw it in a step or an activity to say when the next attempt may run, for example what a service answered. It overrides the policy's
/// waits and their longest wait, but not its count of attempts. A time in the past means at once.
/// </summary>
public sealed class RetryAfterException : PerdureException
{
    /// <param name="delay">How long to wait from now.</param>
    /// <param name="message">What happened, for people.</param>
    /// <param name="inner">The cause, if any; it is not stored.</param>
    public RetryAfterException(TimeSpan delay, string? message = null, Exception? inner = null)
        : base(ErrorCodes.RetryAfter, message ?? "A later attempt was asked for.", inner) => Delay = delay;

    /// <param name="due">When the next attempt may run.</param>
    /// <param name="message">What happened, for people.</param>
    /// <param name="inner">The cause, if any; it is not stored.</param>
    public RetryAfterException(DateTimeOffset due, string? message = null, Exception? inner = null)
        : base(ErrorCodes.RetryAfter, message ?? "A later attempt was asked for.", inner) => Due = due;

    /// <summary>How long to wait; null when an instant was given.</summary>
    public TimeSpan? Delay { get; }

    /// <summary>When to go on; null when a duration was given.</summary>
    public DateTimeOffset? Due { get; }
}
