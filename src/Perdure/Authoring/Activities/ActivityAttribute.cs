namespace Perdure;

/// <summary>Marks a method as an activity, names it and sets its options. Options of a call win over these.</summary>
/// <param name="name">The name; default: the method name without <c>Async</c>, in kebab-case.</param>
[AttributeUsage(AttributeTargets.Method, Inherited = false)]
public sealed class ActivityAttribute(string? name = null) : Attribute
{
    private int? _priority;
    private int? _maxAttempts;
    private int? _maxRetries;
    private bool? _runLocally;

    /// <summary>The name; null for the default.</summary>
    public string? Name { get; } = name;

    /// <inheritdoc cref="ActivityOptions.Queue"/>
    public string? Queue { get; set; }

    /// <inheritdoc cref="ActivityOptions.Priority"/>
    public int Priority { get => _priority ?? PerdureDefaults.Priority; set => _priority = value; }

    /// <summary>Executions in all (default 3), at least 1.</summary>
    public int MaxAttempts { get => _maxAttempts ?? PerdureDefaults.MaxAttempts; set => _maxAttempts = value; }

    /// <summary>Executions after the first; give this or <see cref="MaxAttempts"/>.</summary>
    public int MaxRetries { get => _maxRetries ?? PerdureDefaults.MaxAttempts - 1; set => _maxRetries = value; }

    /// <summary>Error codes that are not retried.</summary>
    public string[] NonRetryable { get; set; } = [];

    /// <summary>How long it may wait in its queue, as text: <c>"30s"</c>. Default: no limit.</summary>
    public string? ScheduleToStart { get; set; }

    /// <summary>How long one attempt may take, as text: <c>"5m"</c>, which is the default.</summary>
    public string? StartToClose { get; set; }

    /// <summary>How long all attempts together may take, as text. Default: no limit.</summary>
    public string? ScheduleToClose { get; set; }

    /// <summary>The longest silence between two heartbeats, as text. Default: no heartbeat is expected.</summary>
    public string? Heartbeat { get; set; }

    /// <inheritdoc cref="ActivityOptions.RunLocally"/>
    public bool RunLocally { get => _runLocally ?? false; set => _runLocally = value; }

    /// <summary>Only what was written down: everything else stays open for the call and the defaults.</summary>
    internal ActivityOptions ToOptions()
    {
        RetryPolicy? retry = RetryPolicy.FromCounts(_maxAttempts, _maxRetries);
        if (NonRetryable.Length > 0) retry = (retry ?? RetryPolicy.Default) with { NonRetryable = NonRetryable };
        var options = new ActivityOptions
        {
            Queue = Queue,
            Priority = _priority,
            Retry = retry,
            ScheduleToStart = ParseLimit(ScheduleToStart),
            StartToClose = ParseLimit(StartToClose),
            ScheduleToClose = ParseLimit(ScheduleToClose),
            Heartbeat = ParseLimit(Heartbeat),
            RunLocally = _runLocally,
        };
        options.Validate();
        return options;
    }

    private static TimeSpan? ParseLimit(string? text) => text is null ? null : Durations.Parse(text);
}
