using System.Globalization;

namespace Perdure.Authoring;

/// <summary>What the values of a retry policy may be.</summary>
internal static class RetryRules
{
    public static InvalidOptionException Invalid(string option, string why) =>
        new("RetryPolicy." + option, $"RetryPolicy.{option} is refused: {why}.");

    public static InvalidOptionException BothCounts() =>
        Invalid(nameof(RetryPolicy.MaxRetries), "give MaxAttempts (all executions) or MaxRetries (those after the first), not both");

    public static TimeSpan CheckDelay(string option, TimeSpan delay) => delay >= TimeSpan.Zero && delay <= PerdureDefaults.MaxSleep
        ? delay
        : throw Invalid(option, $"a wait lasts 0 to 10 years, not {Durations.Format(delay)}");

    public static double CheckCoefficient(double coefficient) => coefficient is >= 1 and <= 1_000_000
        ? coefficient
        : throw Invalid(nameof(RetryPolicy.Coefficient), $"it is 1 to 1,000,000, not {Text(coefficient)}");

    public static double CheckJitter(double jitter) => jitter is >= 0 and <= 1
        ? jitter
        : throw Invalid(nameof(RetryPolicy.Jitter), $"it is 0 to 1, not {Text(jitter)}");

    /// <summary>A private copy: the caller's list could change later.</summary>
    public static IReadOnlyList<string> CheckCodes(IReadOnlyList<string> codes)
    {
        ArgumentNullException.ThrowIfNull(codes);
        string[] copy = [.. codes];
        foreach (string code in copy)
        {
            if (string.IsNullOrWhiteSpace(code)) throw Invalid(nameof(RetryPolicy.NonRetryable), "an error code is not empty");
        }
        return copy;
    }

    public static TimeSpan Seconds(string option, double seconds) => seconds >= 0 && seconds <= PerdureDefaults.MaxSleep.TotalSeconds
        ? TimeSpan.FromTicks((long)Math.Round(seconds * TimeSpan.TicksPerSecond))
        : throw Invalid(option, $"it is 0 seconds to 10 years, not {Text(seconds)} seconds");

    private static string Text(double number) => number.ToString(CultureInfo.InvariantCulture);
}
