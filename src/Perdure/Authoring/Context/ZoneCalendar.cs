namespace Perdure.Authoring;

/// <summary>Days and hours of one time zone.</summary>
internal readonly struct ZoneCalendar
{
    private readonly TimeZoneInfo _zone;

    /// <exception cref="InvalidOptionException">The zone is unknown.</exception>
    public ZoneCalendar(string? zone)
    {
        if (zone is null) _zone = TimeZoneInfo.Utc;
        else if (TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var found)) _zone = found;
        else throw new InvalidOptionException(nameof(zone), $"The time zone '{SafeText.Shorten(zone, 80)}' is unknown. Use an IANA name such as \"Europe/Berlin\".");
    }

    public DateOnly Today(DateTimeOffset now) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, _zone).DateTime);

    /// <summary>The first instant at which the zone's clock shows this; where it skips it, the first instant behind the gap.</summary>
    public DateTimeOffset At(DateOnly day, TimeOnly time)
    {
        var local = day.ToDateTime(time, DateTimeKind.Unspecified);
        while (_zone.IsInvalidTime(local)) local = local.AddMinutes(1);
        // Of the two offsets that a repeated hour has, the larger comes first.
        var offset = _zone.IsAmbiguousTime(local) ? _zone.GetAmbiguousTimeOffsets(local).Max() : _zone.GetUtcOffset(local);
        return new DateTimeOffset(local, offset);
    }
}
