using System.Globalization;

namespace Perdure.Cli.Input;

/// <summary>Instants and durations from the command line.</summary>
internal static class Moments
{
    /// <summary>An instant such as <c>2026-05-01T10:00Z</c>, in UTC unless it says otherwise; or a duration, counted from now.</summary>
    /// <param name="text">What stands on the command line; null for nothing.</param>
    /// <param name="option">The option's name, for the message.</param>
    /// <param name="direction">Whether a duration leads into the future (1) or the past (-1).</param>
    /// <exception cref="UsageException">It is neither.</exception>
    public static DateTimeOffset? Read(string? text, string option, int direction)
    {
        if (text is null) return null;
        if (Durations.TryParse(text, out var duration)) return DateTimeOffset.UtcNow + duration * direction;
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant)
            ? instant
            : throw new UsageException($"{option} is an instant such as 2026-05-01T10:00Z, or a duration such as 1h30m, not '{text}'.");
    }

    /// <exception cref="UsageException">It is no duration.</exception>
    public static TimeSpan? Duration(string? text, string option)
    {
        if (text is null) return null;
        return Durations.TryParse(text, out var duration) ? duration : throw new UsageException($"{option} is a duration such as 30s or 1h30m, not '{text}'.");
    }
}
