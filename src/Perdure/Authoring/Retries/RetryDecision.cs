namespace Perdure.Authoring;

/// <summary>What follows a failed attempt.</summary>
/// <param name="Retry">Whether there is another attempt.</param>
/// <param name="Delay">After how long.</param>
/// <param name="Strategy">Where the delay comes from, as it stands in the history.</param>
internal readonly record struct RetryDecision(bool Retry, TimeSpan Delay, string Strategy)
{
    public static readonly RetryDecision Stop = new(false, TimeSpan.Zero, "none");

    /// <summary>
    /// Decides by precedence: a non-retryable error stops, a retry-after is exempt from the policy's waits and their cap, else the policy says.
    /// </summary>
    /// <param name="policy">The policy in force.</param>
    /// <param name="error">What the attempt threw.</param>
    /// <param name="failures">Attempts that failed, this one included; crashes are not among them.</param>
    /// <param name="now">The store's time, against which a retry-after instant is measured.</param>
    /// <param name="jitterDraw">0 up to but not including 1.</param>
    public static RetryDecision After(RetryPolicy policy, Exception error, int failures, DateTimeOffset now, double jitterDraw)
    {
        if (failures >= policy.MaxAttempts && !policy.IsUnlimited) return Stop;
        error = Failure.Unwrap(error);
        if (NonRetryableErrors.Contains(policy, error)) return Stop;
        if (error is RetryAfterException after)
        {
            TimeSpan delay = after.Delay ?? after.Due!.Value - now;
            return new(true, delay > TimeSpan.Zero ? delay : TimeSpan.Zero, "retry_after");
        }
        return new(true, policy.DelayAfter(failures, jitterDraw), policy.Strategy);
    }
}
