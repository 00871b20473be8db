namespace Perdure.Storage;

/// <summary>
/// How long a run or a queued activity waits that has lost its worker again and again without progress. Faults come in bursts (a redeploy, a machine out of memory): what is taken at once each
/// time would use up its budget in one of them without being its cause. The first loss costs nothing, so that a takeover is quick. A run's last one waits for nobody: what follows
/// it is only that the run is blocked. How many losses an activity outlives is known to who takes it, not to the store, so its last one waits like the others.
/// </summary>
internal static class LossBackoff
{
    /// <summary>Losses in a row from which on a run waits, and is suspected of killing its workers: 2.</summary>
    public const int From = 2;

    /// <summary>The first wait, in microseconds: 0.5 s. Each further loss doubles it.</summary>
    public const long FirstMicros = 500_000;

    /// <summary>The longest wait, in microseconds: 8 s.</summary>
    public const long LongestMicros = 8_000_000;

    /// <summary>So many doublings reach the longest wait: 4.</summary>
    public const int MostDoublings = 4;

    /// <summary>When a run is due that was lost at <paramref name="now"/>.</summary>
    /// <param name="due">When it was due before.</param>
    /// <param name="crashes">Its losses in a row, this one included.</param>
    /// <param name="maxCrashes">How many block it.</param>
    /// <param name="now">The present instant.</param>
    public static Instant DueAt(Instant due, int crashes, int maxCrashes, Instant now) =>
        crashes < From || crashes >= maxCrashes ? Instant.Min(due, now) : Behind(crashes, now);

    /// <summary>When a queued activity is due that was lost at <paramref name="now"/>, as the <paramref name="crashes"/>th time in a row.</summary>
    public static Instant TaskDueAt(int crashes, Instant now) => crashes < From ? now : Behind(crashes, now);

    private static Instant Behind(int crashes, Instant now) =>
        new(now.Micros + Math.Min(FirstMicros << Math.Min(crashes - From, MostDoublings), LongestMicros));
}
