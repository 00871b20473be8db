using System.Globalization;

namespace Perdure.Schedules.Cron;

/// <summary>
/// Which days of a month an expression means: its two day fields together. When both are restricted, a day that fits either is meant, as cron has always done.
/// </summary>
internal sealed class CronDays
{
    private readonly bool _anyDate;
    private readonly bool _anyWeekday;
    private ulong _dates;
    private ulong _weekdays;
    private ulong _nearest;
    private ulong _fromLast;
    private bool _lastWorkday;
    private ulong _lastWeekdays;
    private readonly ulong[] _nth = new ulong[5];

    /// <exception cref="FormatException">A field is wrong.</exception>
    public CronDays(string dates, string weekdays)
    {
        _anyDate = dates is "*" or "?";
        _anyWeekday = weekdays is "*" or "?";
        if (!_anyDate) foreach (var part in dates.Split(',')) ReadDate(part);
        if (!_anyWeekday) foreach (var part in weekdays.Split(',')) ReadWeekday(part);
        // 7 is another way to say Sunday.
        if ((_weekdays & 1UL << 7) != 0) _weekdays |= 1;
    }

    /// <summary>The days of a month, a bit each.</summary>
    public ulong Of(int year, int month)
    {
        var count = DateTime.DaysInMonth(year, month);
        var all = (1UL << count + 1) - 2;
        if (_anyDate && _anyWeekday) return all;
        var first = (int)new DateTime(year, month, 1).DayOfWeek;
        ulong days = 0;
        if (!_anyDate) days |= Dates(first, count);
        if (!_anyWeekday) days |= Weekdays(first, count);
        return days & all;
    }

    private ulong Dates(int first, int count)
    {
        var days = _dates;
        for (var back = 0; back < count; back++)
            if ((_fromLast & 1UL << back) != 0) days |= 1UL << count - back;
        for (var day = 1; day <= count; day++)
            if ((_nearest & 1UL << day) != 0) days |= 1UL << Workday(day, first, count);
        if (_lastWorkday) days |= 1UL << Workday(count, first, count);
        return days;
    }

    private ulong Weekdays(int first, int count)
    {
        ulong days = 0;
        for (var day = 1; day <= count; day++)
        {
            var weekday = 1UL << (first + day - 1) % 7;
            var isMeant = (_weekdays & weekday) != 0 || (_nth[(day - 1) / 7] & weekday) != 0 || (day > count - 7 && (_lastWeekdays & weekday) != 0);
            if (isMeant) days |= 1UL << day;
        }
        return days;
    }

    /// <summary>The workday that is nearest to a day, in the same month.</summary>
    private static int Workday(int day, int first, int count) => ((first + day - 1) % 7) switch
    {
        (int)DayOfWeek.Saturday => day == 1 ? 3 : day - 1,
        (int)DayOfWeek.Sunday => day == count ? day - 2 : day + 1,
        _ => day,
    };

    private void ReadDate(string part)
    {
        if (part.Equals("L", StringComparison.OrdinalIgnoreCase)) _fromLast |= 1;
        else if (part.Equals("LW", StringComparison.OrdinalIgnoreCase)) _lastWorkday = true;
        else if (part.StartsWith("L-", StringComparison.OrdinalIgnoreCase))
        {
            if (!int.TryParse(part.AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture, out var back) || back > 30)
                throw new FormatException($"'{part}' is no day of month; behind L- there is a number from 0 to 30");
            _fromLast |= 1UL << back;
        }
        else if (part.EndsWith('W') || part.EndsWith('w')) _nearest |= 1UL << CronField.DayOfMonth.Value(part.AsSpan(0, part.Length - 1));
        else _dates |= CronField.DayOfMonth.Parse(part);
    }

    private void ReadWeekday(string part)
    {
        var hash = part.IndexOf('#', StringComparison.Ordinal);
        if (hash >= 0)
        {
            if (!int.TryParse(part.AsSpan(hash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var nth) || nth is < 1 or > 5)
                throw new FormatException($"'{part}' is no day of week; behind # there is a number from 1 to 5");
            _nth[nth - 1] |= 1UL << CronField.DayOfWeek.Value(part.AsSpan(0, hash)) % 7;
        }
        else if (part.Equals("L", StringComparison.OrdinalIgnoreCase)) _weekdays |= 1UL << (int)DayOfWeek.Saturday;
        else if (part.Length > 1 && (part.EndsWith('L') || part.EndsWith('l'))) _lastWeekdays |= 1UL << CronField.DayOfWeek.Value(part.AsSpan(0, part.Length - 1)) % 7;
        else _weekdays |= CronField.DayOfWeek.Parse(part);
    }
}
