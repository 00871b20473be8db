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
    private static readonly ActivitySettings Default = Fill(new ActivityOptions(), new ActivityOptions());

    public static ActivitySettings Resolve(ActivityOptions? call, ActivityDefaults? defaults) =>
        call is null && defaults is null ? Default : Fill(call ?? new(), defaults?.Options ?? new());

    private static ActivitySettings Fill(ActivityOptions call, ActivityOptions defaults) => new(
        call.Queue ?? defaults.Queue ?? PerdureDefaults.Queue,
        call.Priority ?? defaults.Priority ?? PerdureDefaults.Priority,
        call.Retry ?? defaults.Retry ?? RetryPolicy.Default,
        Limit(call.ScheduleToStart ?? defaults.ScheduleToStart),
        Limit(call.StartToClose ?? defaults.StartToClose ?? PerdureDefaults.StartToClose),
        Limit(call.ScheduleToClose ?? defaults.ScheduleToClose),
        Limit(call.Heartbeat ?? defaults.Heartbeat),
        // A call that names a queue wants it queued, whatever the definition prefers.
        call.RunLocally ?? (call.Queue is null && (defaults.RunLocally ?? false)),
        call.ConcurrencyKey ?? defaults.ConcurrencyKey);

    private static TimeSpan? Limit(TimeSpan? limit) => limit == Timeout.InfiniteTimeSpan ? null : limit;
}
