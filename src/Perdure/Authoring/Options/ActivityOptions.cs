using Perdure.Authoring;

namespace Perdure;

/// <summary>
/// Options of an activity. What is left null comes from the activity's definition or <see cref="ActivityAttribute"/>, then from the
/// defaults. Immutable.
/// </summary>
/// <remarks>Each of the four clocks may be <see cref="System.Threading.Timeout.InfiniteTimeSpan"/>, which switches it off.</remarks>
public sealed record ActivityOptions
{
    /// <summary>The queue; a worker that serves it runs the activity.</summary>
    /// <value>Default: <c>default</c>.</value>
    public string? Queue { get; init; }

    /// <summary>The priority within the queue, -1000 to 1000, higher first.</summary>
    /// <value>Default: 0.</value>
    public int? Priority { get; init; }

    /// <summary>
    /// What the activity counts under where its queue has a limit for each key (<see cref="QueueSettings.MaxPerKey"/>). 1 to 255 characters, case-sensitive. Without such a limit it
    /// changes nothing.
    /// </summary>
    /// <value>Default: none.</value>
    public string? ConcurrencyKey { get; init; }

    /// <summary>When and how often a failed attempt is repeated.</summary>
    /// <value>Default: <see cref="PerdureOptions.DefaultRetry"/>, which is 3 attempts, 1 s × 2.0, at most 60 s, jitter 0.1.</value>
    public RetryPolicy? Retry { get; init; }

    /// <summary>
    /// How long it may wait in its queue. When it is over, the activity is timed out without having run, and is not retried.
    /// </summary>
    /// <value>Default: no limit.</value>
    public TimeSpan? ScheduleToStart { get; init; }

    /// <summary>How long one attempt may take.</summary>
    /// <value>Default: 5 minutes.</value>
    public TimeSpan? StartToClose { get; init; }

    /// <summary>How long all attempts together may take, waits between them included.</summary>
    /// <value>Default: no limit.</value>
    public TimeSpan? ScheduleToClose { get; init; }

    /// <summary>The longest silence between two calls of <see cref="StepInfo.Heartbeat"/>.</summary>
    /// <value>Default: no heartbeat is expected.</value>
    public TimeSpan? Heartbeat { get; init; }

    /// <summary>Runs the activity in the process of its workflow, past the queue; events and retries are the same.</summary>
    /// <value>Default: false.</value>
    public bool? RunLocally { get; init; }

    internal void Validate()
    {
        if (Queue is not null) Names.Validate(NameKind.Queue, Queue);
        OptionRules.CheckPriority("ActivityOptions.Priority", Priority);
        OptionRules.CheckLimit("ActivityOptions.ScheduleToStart", ScheduleToStart);
        OptionRules.CheckLimit("ActivityOptions.StartToClose", StartToClose);
        OptionRules.CheckLimit("ActivityOptions.ScheduleToClose", ScheduleToClose);
        OptionRules.CheckLimit("ActivityOptions.Heartbeat", Heartbeat);
        if (ConcurrencyKey is not null) Names.ValidateKey(ConcurrencyKey);
        Retry?.Validate();
        if (RunLocally == true && ConcurrencyKey is not null)
            throw new InvalidOptionException(
                "ActivityOptions.RunLocally", "An activity that runs locally is not queued, so no limit of a queue counts it: leave out ConcurrencyKey or RunLocally.");
        if (RunLocally == true && Queue is not null)
            throw new InvalidOptionException(
                "ActivityOptions.RunLocally", $"An activity that runs locally is not queued: leave out Queue = '{Queue}' or RunLocally.");
    }
}
