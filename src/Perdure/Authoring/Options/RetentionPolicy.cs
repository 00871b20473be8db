using Perdure.Authoring;

namespace Perdure;

/// <summary>How long runs are kept once they have ended. What is not set is kept for ever; live runs always are. Immutable.</summary>
/// <remarks>
/// A run goes whole, with its history. Its start key is remembered for some time (<see cref="StartOptions.KeyTtl"/>): a late start with it finds the old id, and runs nothing. Of all workers on a store one at a time does the
/// deleting, in small batches with pauses.
/// </remarks>
/// <example><code>services.AddPerdure(o =&gt; o.Retention = RetentionPolicy.Short).UseSqlite("Data Source=orders.db");</code></example>
public sealed record RetentionPolicy
{
    /// <summary>Completed runs for 7 days, all others for 30; those that could not be undone for ever.</summary>
    public static readonly RetentionPolicy Short = Of(TimeSpan.FromDays(7), TimeSpan.FromDays(30));

    /// <summary>Completed runs for 30 days, all others for 90; those that could not be undone for ever.</summary>
    public static readonly RetentionPolicy Long = Of(TimeSpan.FromDays(30), TimeSpan.FromDays(90));

    /// <summary>How long completed runs are kept, and those that others went on in the place of. 0 or more.</summary>
    /// <value>Default: null, for ever.</value>
    public TimeSpan? Completed { get; init; }

    /// <summary>How long failed runs are kept. 0 or more.</summary>
    /// <value>Default: null, for ever.</value>
    public TimeSpan? Failed { get; init; }

    /// <summary>How long cancelled runs are kept. 0 or more.</summary>
    /// <value>Default: null, for ever.</value>
    public TimeSpan? Cancelled { get; init; }

    /// <summary>How long runs are kept that exceeded their run timeout. 0 or more.</summary>
    /// <value>Default: null, for ever.</value>
    public TimeSpan? TimedOut { get; init; }

    /// <summary>How long terminated runs are kept. 0 or more.</summary>
    /// <value>Default: null, for ever.</value>
    public TimeSpan? Terminated { get; init; }

    /// <summary>How long runs are kept that failed and could not undo what they had done. 0 or more.</summary>
    /// <value>Default: null, for ever; in <see cref="Short"/> and <see cref="Long"/> too, because somebody has to look at them.</value>
    public TimeSpan? CompensationFailed { get; init; }

    /// <summary>How often old runs are looked for. At least 1 second.</summary>
    /// <value>Default: 1 hour.</value>
    public TimeSpan Interval { get; init; } = PerdureDefaults.RetentionInterval;

    /// <summary>The most runs that are deleted in one transaction, 1 to 10,000. Fewer are while that takes longer than some milliseconds.</summary>
    /// <value>Default: 1,000.</value>
    public int BatchSize { get; init; } = PerdureDefaults.RetentionBatch;

    private static RetentionPolicy Of(TimeSpan completed, TimeSpan others) =>
        new() { Completed = completed, Failed = others, Cancelled = others, TimedOut = others, Terminated = others };

    /// <exception cref="InvalidOptionException">A value is out of its range.</exception>
    internal void Validate()
    {
        CheckAge(nameof(Completed), Completed);
        CheckAge(nameof(Failed), Failed);
        CheckAge(nameof(Cancelled), Cancelled);
        CheckAge(nameof(TimedOut), TimedOut);
        CheckAge(nameof(Terminated), Terminated);
        CheckAge(nameof(CompensationFailed), CompensationFailed);
        if (Interval < TimeSpan.FromSeconds(1) || Interval > PerdureDefaults.MaxSleep)
            throw Invalid(nameof(Interval), $"is 1 second to 10 years, not {Durations.Format(Interval)}.");
        PurgeOptions.CheckBatch("RetentionPolicy.BatchSize", BatchSize);
    }

    private static void CheckAge(string option, TimeSpan? age)
    {
        if (age is { } value && (value < TimeSpan.Zero || value > PerdureDefaults.MaxSleep)) throw Invalid(option, $"is 0 to 10 years, not {Durations.Format(value)}.");
    }

    private static InvalidOptionException Invalid(string option, string rule) => new($"RetentionPolicy.{option}", $"RetentionPolicy.{option} {rule}");
}
