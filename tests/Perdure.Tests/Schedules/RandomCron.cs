namespace Perdure.Tests.Schedules;

/// <summary>Draws cron expressions of every shape that five fields can have.</summary>
internal sealed class RandomCron(Random random)
{
    private static readonly string[] Months = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
    private static readonly string[] Weekdays = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

    /// <summary>An expression; without <paramref name="anyHour"/> its hours are written one by one or as a range.</summary>
    public string Next(bool anyHour = true)
    {
        var date = random.Next(3) > 0 ? "*" : Date();
        var weekday = random.Next(3) > 0 ? "*" : Weekday();
        var month = random.Next(4) switch { 0 => Field(1, 12), 1 => Months[random.Next(12)], _ => "*" };
        return $"{Field(0, 59)} {(anyHour ? Field(0, 23) : Hours())} {date} {month} {weekday}";
    }

    private string Hours() => string.Join(',', Enumerable.Range(0, random.Next(1, 4)).Select(_ => random.Next(3) == 0 ? $"{random.Next(24)}-{random.Next(24)}" : $"{random.Next(24)}"));

    private string Field(int first, int last) => random.Next(6) switch
    {
        0 => "*",
        1 => $"*/{random.Next(1, last)}",
        2 => $"{One(first, last)}/{random.Next(1, last)}",
        3 => $"{One(first, last)}-{One(first, last)}",
        4 => $"{One(first, last)}-{One(first, last)}/{random.Next(1, 8)},{One(first, last)}",
        _ => string.Join(',', Enumerable.Range(0, random.Next(1, 4)).Select(_ => One(first, last))),
    };

    private string Date() => random.Next(6) switch { 0 => "L", 1 => $"L-{random.Next(1, 10)}", 2 => "LW", 3 => $"{random.Next(1, 28)}W", _ => Field(1, 28) };

    private string Weekday() => random.Next(6) switch
    {
        0 => $"{random.Next(7)}#{random.Next(1, 6)}",
        1 => $"{random.Next(7)}L",
        2 => Weekdays[random.Next(7)],
        3 => $"{Weekdays[random.Next(7)]}-{Weekdays[random.Next(7)]}",
        4 => "7",
        _ => Field(0, 6),
    };

    private int One(int first, int last) => random.Next(first, last + 1);
}
