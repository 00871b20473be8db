namespace Perdure.Authoring;

/// <summary>The options of one activity call with every gap filled: call over definition over engine default.</summary>
internal sealed record ActivitySettings(
    string Queue,
    int Priority,
    RetryPolicy Retry,
    TimeSpan? ScheduleToStart,
    TimeSpan? StartToClose,
    TimeSpan? ScheduleToClose,
    TimeSpan? Heartbeat,
    bool RunLocally,
    string? ConcurrencyKey)
{
    private static readonly ActivitySettings Default = Fill(new ActivityOptions(), new ActivityOptions(), RetryPolicy.Default);

    /// <param name="call">Options of the call.</param>
    /// <param name="defaults">Those of the activity.</param>
    /// <param name="retry">The engine's policy, where neither says anything.</param>
    public static ActivitySettings Resolve(ActivityOptions? call, ActivityDefaults? defaults, RetryPolicy retry) =>
        call is null && defaults is null && ReferenceEquals(retry, RetryPolicy.Default) ? Default : Fill(call ?? new(), defaults?.Options ?? new(), retry);

    private static ActivitySettings Fill(ActivityOptions call, ActivityOptions defaults, RetryPolicy retry) => new(
        call.Queue ?? defaults.Queue ?? PerdureDefaults.Queue,
        call.Priority ?? defaults.Priority ?? PerdureDefaults.Priority,
        call.Retry ?? defaults.Retry ?? retry,
        Limit(call.ScheduleToStart ?? defaults.ScheduleToStart),
        Limit(call.StartToClose ?? defaults.StartToClose ?? PerdureDefaults.StartToClose),
        Limit(call.ScheduleToClose ?? defaults.ScheduleToClose),
        Limit(call.Heartbeat ?? defaults.Heartbeat),
        // A call that names a queue wants it queued, whatever the definition prefers.
        call.RunLocally ?? (call.Queue is null && (defaults.RunLocally ?? false)),
        call.ConcurrencyKey ?? defaults.ConcurrencyKey);

    private static TimeSpan? Limit(TimeSpan? limit) => limit == Timeout.InfiniteTimeSpan ? null : limit;
}
