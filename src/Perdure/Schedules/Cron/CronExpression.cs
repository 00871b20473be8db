using System.Numerics;

namespace Perdure.Schedules.Cron;

/// <summary>
/// A cron expression of five fields (minute, hour, day of month, month, day of week) or six (a second first). Immutable, thread safe.
/// </summary>
internal sealed class CronExpression
{
    /// <summary>How far ahead a date is looked for: 29 February of one weekday comes every 40 years at the latest.</summary>
    private const int YearsAhead = 41;

    private static readonly Dictionary<string, string> Macros = new(StringComparer.OrdinalIgnoreCase)
    {
        ["@yearly"] = "0 0 1 1 *", ["@annually"] = "0 0 1 1 *", ["@monthly"] = "0 0 1 * *", ["@weekly"] = "0 0 * * 0",
        ["@daily"] = "0 0 * * *", ["@midnight"] = "0 0 * * *", ["@hourly"] = "0 * * * *",
    };

    private readonly ulong _seconds;
    private readonly ulong _minutes;
    private readonly ulong _hours;
    private readonly ulong _months;
    private readonly CronDays _days;

    private CronExpression(string text, string[] fields)
    {
        Text = text;
        _seconds = Read(CronField.Second, fields[0]);
        _minutes = Read(CronField.Minute, fields[1]);
        _hours = Read(CronField.Hour, fields[2]);
        _days = new CronDays(fields[3], fields[5]);
        _months = Read(CronField.Month, fields[4]);
        // The second of five fields is not written, so it says nothing about the author's intent.
        FollowsElapsedTime = fields[2].StartsWith('*') || fields[2].Contains('/', StringComparison.Ordinal);
        Repeats = fields.Take(3).Any(field => field.AsSpan().ContainsAny('*', '/', '-'));
    }

    /// <summary>The expression as it was written.</summary>
    public string Text { get; }

    /// <summary>
    /// Whether it means every so many hours rather than times of the day: what falls into the hour that a clock skips is left out, instead of coming at once
    /// behind it.
    /// </summary>
    public bool FollowsElapsedTime { get; }

    /// <summary>Whether it fires again when a clock goes through an hour for the second time. Times that are written one by one do not.</summary>
    public bool Repeats { get; }

    /// <summary>Reads an expression.</summary>
    /// <exception cref="FormatException">It is none; the message says which field is wrong, without a full stop.</exception>
    public static CronExpression Parse(string text)
    {
        var fields = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length == 1 && fields[0].StartsWith('@'))
        {
            if (!Macros.TryGetValue(fields[0], out var meaning))
                throw new FormatException($"'{fields[0]}' is not known; there are @yearly, @monthly, @weekly, @daily and @hourly");
            fields = meaning.Split(' ');
        }
        if (fields.Length is not (5 or 6)) throw new FormatException($"it has {fields.Length} fields; there are five, or six with a second in front");
        return new CronExpression(text, fields.Length == 6 ? fields : ["0", .. fields]);
    }

    /// <summary>The first local time behind <paramref name="time"/> that it means; null when none comes. Knows nothing of time zones.</summary>
    public DateTime? NextAfter(DateTime time)
    {
        if (time.Year >= DateTime.MaxValue.Year) return null;
        var from = new DateTime(time.Ticks - time.Ticks % TimeSpan.TicksPerSecond, DateTimeKind.Unspecified).AddSeconds(1);
        var last = Math.Min(from.Year + YearsAhead, DateTime.MaxValue.Year);
        for (int year = from.Year, month = from.Month; year <= last; (year, month) = month == 12 ? (year + 1, 1) : (year, month + 1))
        {
            if ((_months & 1UL << month) == 0) continue;
            var days = _days.Of(year, month);
            if (year == from.Year && month == from.Month)
            {
                if ((days & 1UL << from.Day) != 0 && TimeOfDay(from.TimeOfDay) is { } later) return from.Date + later;
                days &= ulong.MaxValue << from.Day << 1;
            }
            if (days != 0) return new DateTime(year, month, BitOperations.TrailingZeroCount(days)) + TimeOfDay(TimeSpan.Zero);
        }
        return null;
    }

    /// <summary>The first time of the day from <paramref name="from"/> on.</summary>
    private TimeSpan? TimeOfDay(TimeSpan from)
    {
        for (var hour = Next(_hours, from.Hours); hour >= 0; hour = Next(_hours, hour + 1))
        {
            var isSameHour = hour == from.Hours;
            for (var minute = Next(_minutes, isSameHour ? from.Minutes : 0); minute >= 0; minute = Next(_minutes, minute + 1))
            {
                var second = Next(_seconds, isSameHour && minute == from.Minutes ? from.Seconds : 0);
                if (second >= 0) return new TimeSpan(hour, minute, second);
            }
        }
        return null;
    }

    private static int Next(ulong values, int from) =>
        (values & ulong.MaxValue << from) is var rest && from < 64 && rest != 0 ? BitOperations.TrailingZeroCount(rest) : -1;

    private static ulong Read(CronField field, string text)
    {
        ulong values = 0;
        foreach (var part in text.Split(',')) values |= field.Parse(part);
        return values;
    }
}
