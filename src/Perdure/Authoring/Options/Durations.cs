using System.Globalization;
using System.Text;
using Perdure.Authoring;

namespace Perdure;

/// <summary>
/// Durations as text: <c>"10s"</c>, <c>"5m"</c>, <c>"2h"</c>, <c>"1d"</c>, <c>"1w"</c>, <c>"500ms"</c>, combinations such as
/// <c>"1h30m"</c>, and whole numbers, which are seconds. Also the helpers that give milliseconds. Thread-safe.
/// </summary>
public static class Durations
{
    // From the longest to the shortest: the order in which they must be written.
    private static readonly (string Unit, long Milliseconds)[] Units =
        [("w", 604_800_000), ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1)];

    /// <summary>So many seconds, in milliseconds: 30 gives 30,000.</summary>
    /// <param name="count">How many.</param>
    public static long Seconds(long count) => checked(count * 1_000);

    /// <summary>So many minutes, in milliseconds: 5 gives 300,000.</summary>
    /// <param name="count">How many.</param>
    public static long Minutes(long count) => checked(count * 60_000);

    /// <summary>So many hours, in milliseconds: 2 gives 7,200,000.</summary>
    /// <param name="count">How many.</param>
    public static long Hours(long count) => checked(count * 3_600_000);

    /// <summary>So many days, in milliseconds: 7 gives 604,800,000.</summary>
    /// <param name="count">How many.</param>
    public static long Days(long count) => checked(count * 86_400_000);

    /// <summary>Reads a duration.</summary>
    /// <param name="text">
    /// Whole numbers with the units <c>w d h m s ms</c>, longest first, each once, without spaces; or a whole number alone, which is
    /// seconds.
    /// </param>
    /// <exception cref="InvalidOptionException">The text is no duration.</exception>
    public static TimeSpan Parse(string text) => TryParse(text, out TimeSpan duration)
        ? duration
        : throw new InvalidOptionException("duration",
            $"'{SafeText.Shorten(text, 80)}' is no duration. Write it like \"1h30m\", \"500ms\" or \"2d\" (units w, d, h, m, s, ms); a number alone is seconds.",
            ErrorCodes.InvalidDuration);

    /// <summary>Reads a duration, and tells whether the text is one.</summary>
    /// <param name="text">The text, as for <see cref="Parse"/>.</param>
    /// <param name="duration">The duration; zero when the text is none.</param>
    public static bool TryParse(string? text, out TimeSpan duration)
    {
        duration = default;
        if (string.IsNullOrEmpty(text)) return false;
        ReadOnlySpan<char> rest = text;
        long total = 0;
        int unit = 0;
        do
        {
            int digits = CountDigits(rest);
            if (!long.TryParse(rest[..digits], NumberStyles.None, CultureInfo.InvariantCulture, out long count)) return false;
            rest = rest[digits..];
            int letters = CountLetters(rest);
            if (letters == 0 && rest.IsEmpty && digits == text.Length) unit = Units.Length - 2;
            else
            {
                while (unit < Units.Length && !rest[..letters].SequenceEqual(Units[unit].Unit)) unit++;
                if (unit == Units.Length) return false;
            }
            rest = rest[letters..];
            // TimeSpan.MaxValue is 922,337,203,685,477 ms; what is beyond is a slip of the pen.
            if (count > TimeSpan.MaxValue.Ticks / TimeSpan.TicksPerMillisecond / Units[unit].Milliseconds) return false;
            total += count * Units[unit].Milliseconds;
            if (total > TimeSpan.MaxValue.Ticks / TimeSpan.TicksPerMillisecond) return false;
            unit++;
        }
        while (!rest.IsEmpty);
        duration = TimeSpan.FromTicks(total * TimeSpan.TicksPerMillisecond);
        return true;
    }

    /// <summary>
    /// Writes a duration, rounded to milliseconds: <c>"1h30m"</c>. A negative one gets a minus sign, which <see cref="Parse"/> does not
    /// read.
    /// </summary>
    /// <param name="duration">The duration.</param>
    public static string Format(TimeSpan duration)
    {
        decimal milliseconds = Math.Round((decimal)duration.Ticks / TimeSpan.TicksPerMillisecond, MidpointRounding.AwayFromZero);
        long rest = (long)Math.Abs(milliseconds);
        if (rest == 0) return "0s";
        var text = new StringBuilder(milliseconds < 0 ? "-" : "");
        foreach ((string unit, long length) in Units)
        {
            // "14d" says more than "2w" to most readers.
            if (unit == "w") continue;
            if (rest >= length) text.Append(CultureInfo.InvariantCulture, $"{rest / length}{unit}");
            rest %= length;
        }
        return text.ToString();
    }

    private static int CountDigits(ReadOnlySpan<char> text)
    {
        int end = text.IndexOfAnyExceptInRange('0', '9');
        return end < 0 ? text.Length : end;
    }

    private static int CountLetters(ReadOnlySpan<char> text)
    {
        int end = text.IndexOfAnyExceptInRange('a', 'z');
        return end < 0 ? text.Length : end;
    }
}
