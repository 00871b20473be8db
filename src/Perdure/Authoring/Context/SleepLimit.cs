namespace Perdure.Authoring;

/// <summary>The longest wait that is accepted; a longer one is almost certainly a wrong unit.</summary>
internal static class SleepLimit
{
    public static TimeSpan Check(TimeSpan duration) => duration <= PerdureDefaults.MaxSleep
        ? duration
        : throw new InvalidOptionException(
            "duration", $"A sleep or a wait limit lasts at most 10 years; {Durations.Format(duration)} is longer.");
}
