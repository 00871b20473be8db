namespace Perdure.Authoring;

/// <summary>A retry policy as it is stored with a run. What equals the default is left out.</summary>
internal sealed record RetryPolicyJson
{
    /// <summary>-1: no limit.</summary>
    public int? MaxAttempts { get; init; }

    public string? Backoff { get; init; }

    public TimeSpan? InitialDelay { get; init; }

    public double? Coefficient { get; init; }

    /// <summary>Below zero: no limit.</summary>
    public TimeSpan? MaxDelay { get; init; }

    public double? Jitter { get; init; }

    public TimeSpan[]? Delays { get; init; }

    public string[]? NonRetryable { get; init; }

    public static RetryPolicyJson From(RetryPolicy policy) => new()
    {
        MaxAttempts = policy.IsUnlimited ? -1 : policy.MaxAttempts,
        Backoff = policy.Strategy,
        InitialDelay = policy.InitialDelay,
        Coefficient = policy.Coefficient,
        MaxDelay = policy.MaxDelay ?? TimeSpan.FromTicks(-1),
        Jitter = policy.Jitter,
        Delays = policy.Delays.Count == 0 ? null : [.. policy.Delays],
        NonRetryable = policy.NonRetryable.Count == 0 ? null : [.. policy.NonRetryable],
    };

    public RetryPolicy ToPolicy()
    {
        var policy = new RetryPolicy
        {
            MaxAttempts = MaxAttempts is -1 ? RetryPolicy.UnlimitedAttempts : MaxAttempts ?? PerdureDefaults.MaxAttempts,
            Backoff = Backoff switch
            {
                null or "exponential" => Authoring.Backoff.Exponential,
                "linear" => Authoring.Backoff.Linear,
                "constant" => Authoring.Backoff.Constant,
                "list" when Delays is { Length: > 0 } => Authoring.Backoff.List,
                _ => throw RetryRules.Invalid(nameof(Backoff), $"there is no strategy '{SafeText.Shorten(Backoff, 80)}'"),
            },
            InitialDelay = InitialDelay ?? PerdureDefaults.RetryInitialDelay,
            Coefficient = Coefficient ?? PerdureDefaults.RetryCoefficient,
            MaxDelay = MaxDelay is { } max ? (max < TimeSpan.Zero ? null : max) : PerdureDefaults.RetryMaxDelay,
            Jitter = Jitter ?? PerdureDefaults.RetryJitter,
            Delays = Delays ?? [],
            NonRetryable = NonRetryable ?? [],
        };
        return policy;
    }
}
