using System.Globalization;

namespace Perdure.Schedules.Cron;

/// <summary>What one of the six fields of an expression may hold.</summary>
/// <param name="Name">What it is called in errors.</param>
/// <param name="First">Its smallest value.</param>
/// <param name="Last">Its largest value.</param>
/// <param name="Words">Names that stand for the values from <paramref name="First"/> on; empty for none.</param>
internal sealed record CronField(string Name, int First, int Last, string[] Words)
{
    public static readonly CronField Second = new("second", 0, 59, []);
    public static readonly CronField Minute = new("minute", 0, 59, []);
    public static readonly CronField Hour = new("hour", 0, 23, []);
    public static readonly CronField DayOfMonth = new("day of month", 1, 31, []);
    public static readonly CronField Month = new("month", 1, 12, ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]);

    /// <summary>Sunday is 0 and 7.</summary>
    public static readonly CronField DayOfWeek = new("day of week", 0, 7, ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]);

    /// <summary>How many values there are before they begin anew: a range that ends before it begins goes over that edge.</summary>
    private int Count => this == DayOfWeek ? 7 : Last - First + 1;

    /// <summary>Reads one part of a list: a value, a range or a step.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public ulong Parse(ReadOnlySpan<char> part)
    {
        var slash = part.IndexOf('/');
        var step = slash < 0 ? 1 : Step(part[(slash + 1)..]);
        var range = slash < 0 ? part : part[..slash];
        if (range is "*") return Values(First, First + Count - 1, step);
        var dash = range.IndexOf('-');
        if (dash >= 0) return Values(Value(range[..dash]), Value(range[(dash + 1)..]), step);
        var value = Value(range);
        return Values(value, slash < 0 ? value : First + Count - 1, step);
    }

    /// <summary>Reads a value, by number or by name.</summary>
    /// <exception cref="FormatException">It is none, or out of the field's range.</exception>
    public int Value(ReadOnlySpan<char> text)
    {
        for (var i = 0; i < Words.Length; i++)
            if (text.Equals(Words[i], StringComparison.OrdinalIgnoreCase)) return First + i;
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value))
            throw new FormatException(Words.Length == 0 ? $"'{text}' is no {Name}" : $"'{text}' is no {Name}; it has numbers and the names {Words[0]} to {Words[^1]}");
        if (value < First || value > Last) throw new FormatException($"the {Name} {value} is not between {First} and {Last}");
        return value;
    }

    private int Step(ReadOnlySpan<char> text)
    {
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var step) && step >= 1 && step <= Last) return step;
        throw new FormatException($"'/{text}' is no step of the {Name}; it is a number from 1 to {Last}");
    }

    private ulong Values(int from, int to, int step)
    {
        var length = from <= to ? to - from : to - from + Count;
        ulong values = 0;
        for (var i = 0; i <= length; i += step)
        {
            var value = from + i;
            if (value >= First + Count) value -= Count;
            values |= 1UL << value;
        }
        return values;
    }
}
