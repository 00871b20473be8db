using System.Text.Json.Serialization;
using Perdure.Authoring;

namespace Perdure;

/// <summary>
/// When and how often failed code is attempted again. Immutable: begin with a preset, or with <c>new()</c>, and vary it with <c>with</c>.
/// </summary>
/// <remarks>
/// After the n-th failed attempt the wait is <c>min(MaxDelay, InitialDelay · Coefficient^(n−1)) · (1 ± Jitter)</c>. What overrides it, the
/// strongest first: a non-retryable error, a <see cref="RetryAfterException"/>, the policy of the call, the activity's, the default. Waits
/// are stored, not slept: they hold no thread, slot or lock, and keep their due instant over restarts.
/// </remarks>
/// <example>
/// <code>
/// new StepOptions { Retry = RetryPolicy.Exponential(2) with { MaxAttempts = 5, NonRetryable = ["card_declined"] } }
/// </code>
/// </example>
[JsonConverter(typeof(RetryPolicyJsonConverter))]
public sealed partial record RetryPolicy
{
    /// <summary>As <see cref="MaxAttempts"/>: no limit.</summary>
    public const int UnlimitedAttempts = int.MaxValue;

    private int? _maxAttempts;
    private int? _maxRetries;

    /// <summary>Executions in all, the first included; at least 1, or <see cref="UnlimitedAttempts"/>.</summary>
    /// <value>Default: 3.</value>
    /// <exception cref="InvalidOptionException">It is less than 1, or <see cref="MaxRetries"/> was given too.</exception>
    public int MaxAttempts
    {
        get => _maxAttempts ?? (_maxRetries + 1) ?? PerdureDefaults.MaxAttempts;
        init
        {
            if (value < 1) throw RetryRules.Invalid(nameof(MaxAttempts), "it is at least 1, the first execution included");
            if (_maxRetries is not null) throw RetryRules.BothCounts();
            _maxAttempts = value;
        }
    }

    /// <summary>Executions after the first: <see cref="MaxAttempts"/> less 1. Give one of the two.</summary>
    /// <value>Default: 2.</value>
    /// <exception cref="InvalidOptionException">It is negative, or <see cref="MaxAttempts"/> was given too.</exception>
    public int MaxRetries
    {
        get => IsUnlimited ? UnlimitedAttempts : MaxAttempts - 1;
        init
        {
            if (value < 0) throw RetryRules.Invalid(nameof(MaxRetries), "it is 0 or more");
            if (_maxAttempts is not null) throw RetryRules.BothCounts();
            _maxRetries = Math.Min(value, UnlimitedAttempts - 1);
        }
    }

    /// <summary>The wait after the first failed attempt; 0 to 10 years.</summary>
    /// <value>Default: 1 s.</value>
    public TimeSpan InitialDelay
    {
        get;
        init => field = RetryRules.CheckDelay(nameof(InitialDelay), value);
    } = PerdureDefaults.RetryInitialDelay;

    /// <summary>By what the wait grows from attempt to attempt; at least 1.</summary>
    /// <value>Default: 2.0.</value>
    public double Coefficient { get; init => field = RetryRules.CheckCoefficient(value); } = PerdureDefaults.RetryCoefficient;

    /// <summary>The longest wait, before jitter; null for no limit (then 10 years).</summary>
    /// <value>Default: 60 s.</value>
    public TimeSpan? MaxDelay
    {
        get;
        init => field = value is { } delay ? RetryRules.CheckDelay(nameof(MaxDelay), delay) : null;
    } = PerdureDefaults.RetryMaxDelay;

    /// <summary>By what share a wait is varied, either way; 0 to 1. It is applied after <see cref="MaxDelay"/>.</summary>
    /// <value>Default: 0.1.</value>
    public double Jitter { get; init => field = RetryRules.CheckJitter(value); } = PerdureDefaults.RetryJitter;

    /// <summary>Error codes that are not retried. See also <see cref="NonRetryableOn{TException}"/>.</summary>
    /// <value>Default: none.</value>
    public IReadOnlyList<string> NonRetryable { get; init => field = RetryRules.CheckCodes(value); } = [];

    /// <summary>Whether attempts have no limit.</summary>
    public bool IsUnlimited => MaxAttempts == UnlimitedAttempts;

    internal Backoff Backoff { get; init; }

    /// <summary>The waits of <see cref="Backoff.List"/>.</summary>
    internal IReadOnlyList<TimeSpan> Delays { get; init; } = [];

    /// <summary>The strategy's name, as it stands in a history.</summary>
    internal string Strategy => Backoff switch
    {
        Backoff.Linear => "linear",
        Backoff.Constant => "constant",
        Backoff.List => "list",
        _ => "exponential",
    };

    /// <summary>This policy, and the exception type (with all that derive from it) is not retried.</summary>
    /// <typeparam name="TException">
    /// The type. What is stored is its error code, for example <c>invalid_operation</c>, never the type.
    /// </typeparam>
    public RetryPolicy NonRetryableOn<TException>() where TException : Exception =>
        this with { NonRetryable = [.. NonRetryable, ErrorCode.OfType(typeof(TException))] };

    /// <summary>The wait after a failed attempt.</summary>
    /// <param name="failedAttempt">How many attempts have failed, at least 1.</param>
    /// <param name="jitterDraw">A random number, 0 up to but not including 1: 0 gives the shortest wait, 0.5 the middle.</param>
    public TimeSpan DelayAfter(int failedAttempt, double jitterDraw)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(failedAttempt, 1);
        if (jitterDraw is not (>= 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(jitterDraw), jitterDraw, "A draw is 0 up to but not including 1.");

        double ticks = Backoff switch
        {
            Backoff.Linear => (double)InitialDelay.Ticks * failedAttempt,
            Backoff.Constant => InitialDelay.Ticks,
            Backoff.List => Delays[Math.Min(failedAttempt, Delays.Count) - 1].Ticks,
            _ => InitialDelay.Ticks * Math.Pow(Coefficient, failedAttempt - 1),
        };
        // No wait at all stays none, however far its factor has overflowed.
        if (double.IsNaN(ticks)) ticks = 0;
        ticks = Math.Min(ticks, (MaxDelay ?? PerdureDefaults.MaxSleep).Ticks);
        ticks *= 1 + (Jitter * ((2 * jitterDraw) - 1));
        return TimeSpan.FromTicks((long)Math.Round(ticks));
    }

    /// <summary>Two policies are equal when they say the same.</summary>
    /// <param name="other">The other policy.</param>
    public bool Equals(RetryPolicy? other) =>
        other is not null
        && MaxAttempts == other.MaxAttempts && InitialDelay == other.InitialDelay && Coefficient.Equals(other.Coefficient)
        && MaxDelay == other.MaxDelay && Jitter.Equals(other.Jitter) && Backoff == other.Backoff
        && Delays.SequenceEqual(other.Delays) && NonRetryable.SequenceEqual(other.NonRetryable);

    /// <inheritdoc/>
    public override int GetHashCode() =>
        HashCode.Combine(MaxAttempts, InitialDelay, Coefficient, MaxDelay, Jitter, Backoff, Delays.Count, NonRetryable.Count);

    /// <summary>What only the whole policy can tell; single values are checked when they are set.</summary>
    internal void Validate()
    {
        if (Backoff == Backoff.Exponential)
        {
            if (MaxDelay < InitialDelay)
            {
                throw RetryRules.Invalid(nameof(MaxDelay),
                    $"{Durations.Format(MaxDelay.Value)} is less than InitialDelay, {Durations.Format(InitialDelay)}, which then never applies");
            }
            return;
        }
        // What a preset does not use must not look as if it were used.
        if (Coefficient != 1) throw RetryRules.Invalid(nameof(Coefficient), $"{Strategy} waits do not grow by a factor");
        if (Backoff != Backoff.Linear && MaxDelay is not null) throw RetryRules.Invalid(nameof(MaxDelay), $"{Strategy} waits do not grow");
        if (Backoff == Backoff.List && InitialDelay != Delays[0])
            throw RetryRules.Invalid(nameof(InitialDelay), "the waits of a list are its own");
    }
}
