namespace Perdure.Schedules.Cron;

/// <summary>
/// A cron expression in a time zone. A time that the clock skips comes once, at the first instant behind the gap; a time that the clock shows twice comes once, the first
/// time. Expressions that mean every so many hours, minutes or seconds follow the time that goes by instead. Immutable, thread safe.
/// </summary>
internal sealed class ZonedCron(CronExpression expression, TimeZoneInfo zone)
{
    /// <summary>No clock has ever been changed by more. A change that is further ahead than this shows no local time again that has passed already.</summary>
    private static readonly TimeSpan LongestChange = TimeSpan.FromHours(25);

    public CronExpression Expression => expression;

    /// <summary>The first instant behind <paramref name="instant"/> that it means; null when none comes.</summary>
    public DateTimeOffset? NextAfter(DateTimeOffset instant)
    {
        var now = instant.UtcDateTime.AddTicks(1);
        var from = Local(instant.UtcDateTime);
        while (expression.NextAfter(from) is { } next)
        {
            if (NearChange(now) is { } change && Utc(next, zone.GetUtcOffset(now)) >= change)
            {
                (now, from) = (change, Local(change).AddTicks(-1));
                if (next <= from && !expression.FollowsElapsedTime) return Instant(change);
                continue;
            }
            if (Showings(next) is not { } shown)
            {
                now = EndOfGap(next);
                if (!expression.FollowsElapsedTime) return Instant(now);
                from = Local(now).AddTicks(-1);
                continue;
            }
            if (shown.First >= now) return Instant(shown.First);
            if (shown.Last >= now && expression.Repeats) return Instant(shown.Last);
            from = next;
        }
        return null;
    }

    private DateTime Local(DateTime utc) => DateTime.SpecifyKind(utc + zone.GetUtcOffset(utc), DateTimeKind.Unspecified);

    /// <summary>
    /// When the clock shows a local time, the first and the last time; null when it skips it. Asked of the offsets around it: what the framework says of invalid and ambiguous
    /// times does not hold for zones that once changed their standard time.
    /// </summary>
    private (DateTime First, DateTime Last)? Showings(DateTime local)
    {
        var about = DateTime.SpecifyKind(local, DateTimeKind.Utc);
        var before = Utc(local, zone.GetUtcOffset(about - LongestChange));
        var behind = Utc(local, zone.GetUtcOffset(about + LongestChange));
        var isBefore = Local(before) == local;
        var isBehind = Local(behind) == local;
        if (!isBefore && !isBehind) return null;
        return (isBefore ? before : behind, isBehind ? behind : before);
    }

    /// <summary>The instant at which the clock is changed next, if that is soon.</summary>
    private DateTime? NearChange(DateTime utc) => Change(utc, utc + LongestChange);

    /// <summary>The first instant behind the gap that holds a local time.</summary>
    private DateTime EndOfGap(DateTime local)
    {
        var about = DateTime.SpecifyKind(local, DateTimeKind.Utc);
        return Change(about - LongestChange, about + LongestChange) ?? about;
    }

    /// <summary>The first instant at which the clock is changed, between two that are so near to each other that it is changed once at most.</summary>
    private DateTime? Change(DateTime before, DateTime behind)
    {
        var offset = zone.GetUtcOffset(before);
        if (zone.GetUtcOffset(behind) == offset) return null;
        while (behind - before > TimeSpan.FromTicks(1))
        {
            var middle = before + (behind - before) / 2;
            if (zone.GetUtcOffset(middle) == offset) before = middle;
            else behind = middle;
        }
        return behind;
    }

    private static DateTime Utc(DateTime local, TimeSpan offset) => DateTime.SpecifyKind(local - offset, DateTimeKind.Utc);

    private static DateTimeOffset Instant(DateTime utc) => new(utc, TimeSpan.Zero);
}
