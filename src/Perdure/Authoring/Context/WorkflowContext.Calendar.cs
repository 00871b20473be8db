using Perdure.Authoring;

namespace Perdure;

/// <content>Instants by the calendar, counted from the time of the current turn.</content>
public abstract partial class WorkflowContext
{
    /// <summary>The next day that is neither Saturday nor Sunday, after today, at an hour of its clock.</summary>
    /// <param name="hour">The hour, 0 to 23 (default 9).</param>
    /// <param name="zone">The time zone, an IANA name such as <c>"Europe/Berlin"</c>; null for UTC.</param>
    /// <returns>The instant. When the zone's clock skips that hour, the first instant after the gap; when it has it twice, the first.</returns>
    /// <exception cref="InvalidOptionException">The zone is unknown, or the hour is not on the clock.</exception>
    public DateTimeOffset NextBusinessDay(int hour = 9, string? zone = null)
    {
        if (hour is < 0 or > 23) throw new InvalidOptionException(nameof(hour), $"An hour is 0 to 23, not {hour}.");
        var calendar = new ZoneCalendar(zone);
        var day = calendar.Today(UtcNow).AddDays(1);
        while (day.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday) day = day.AddDays(1);
        return calendar.At(day, new TimeOnly(hour, 0));
    }

    /// <summary>The beginning of the next such weekday after today; the same weekday is a week away.</summary>
    /// <param name="day">The weekday.</param>
    /// <param name="zone">The time zone, an IANA name; null for UTC.</param>
    /// <exception cref="InvalidOptionException">The zone is unknown.</exception>
    public DateTimeOffset NextWeekday(DayOfWeek day, string? zone = null)
    {
        var calendar = new ZoneCalendar(zone);
        var today = calendar.Today(UtcNow);
        var ahead = ((int)day - (int)today.DayOfWeek + 6) % 7 + 1;
        return calendar.At(today.AddDays(ahead), TimeOnly.MinValue);
    }

    /// <summary>23:59:59 of today.</summary>
    /// <param name="zone">The time zone, an IANA name; null for UTC.</param>
    /// <exception cref="InvalidOptionException">The zone is unknown.</exception>
    public DateTimeOffset EndOfDay(string? zone = null)
    {
        var calendar = new ZoneCalendar(zone);
        return calendar.At(calendar.Today(UtcNow), new TimeOnly(23, 59, 59));
    }
}
