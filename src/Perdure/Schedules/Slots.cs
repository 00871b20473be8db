using Perdure.Schedules.Cron;

namespace Perdure.Schedules;

/// <summary>The times of a schedule one after the other, each named by its instant. Immutable.</summary>
internal sealed class Slots
{
    private readonly ScheduleTimes _times;
    private readonly ScheduleOptions _options;
    private readonly ZonedCron? _cron;

    /// <exception cref="UnknownTimeZoneException">This machine does not know the zone.</exception>
    public Slots(ScheduleTimes times, ScheduleOptions options)
    {
        (_times, _options) = (times, options);
        if (times.Expression is not { } expression) return;
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(options.Zone, out var zone)) throw new UnknownTimeZoneException(options.Zone);
        _cron = new ZonedCron(CronExpression.Parse(expression), zone);
    }

    /// <summary>The first time behind <paramref name="instant"/>; null when no other comes.</summary>
    public DateTimeOffset? NextAfter(DateTimeOffset instant)
    {
        // A start is a time that may count itself.
        if (_options.StartAt is { } start && instant < start) instant = start.AddTicks(-1);
        var next = _cron is not null ? _cron.NextAfter(instant)
            : _times.Interval is { } interval ? NextAfter(instant, interval)
            : _times.Instants?.Cast<DateTimeOffset?>().FirstOrDefault(due => due > instant);
        return next < _options.EndAt || _options.EndAt is null ? next : null;
    }

    /// <summary>When a time is acted on: itself, and as much later as its jitter says, which depends on nothing but the schedule and the time.</summary>
    public DateTimeOffset DueAt(DateTimeOffset slot, string name)
    {
        if (_options.Jitter == TimeSpan.Zero) return slot;
        var seed = 14_695_981_039_346_656_037UL ^ (ulong)slot.UtcTicks;
        foreach (var letter in name) seed = (seed ^ letter) * 1_099_511_628_211UL;
        return slot + TimeSpan.FromTicks((long)((UInt128)(seed * 0x9E37_79B9_7F4A_7C15UL) * (ulong)_options.Jitter.Ticks >> 64));
    }

    private DateTimeOffset NextAfter(DateTimeOffset instant, TimeSpan interval)
    {
        var anchor = _times.Anchor ?? DateTimeOffset.UnixEpoch;
        var passed = (instant - anchor).Ticks;
        var whole = passed >= 0 ? passed / interval.Ticks : -((-passed + interval.Ticks - 1) / interval.Ticks);
        return anchor + TimeSpan.FromTicks((whole + 1) * interval.Ticks);
    }
}
