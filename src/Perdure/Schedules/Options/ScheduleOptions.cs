using Perdure.Authoring;

namespace Perdure;

/// <summary>Options of a schedule, and of the runs that it starts. Immutable.</summary>
public sealed record ScheduleOptions
{
    /// <summary>The time zone of a cron expression, by its IANA name. Default <c>UTC</c>.</summary>
    public string Zone { get; init; } = "UTC";

    /// <summary>What happens when it is due while a run that it started is live. Default <see cref="ScheduleOverlap.Skip"/>.</summary>
    public ScheduleOverlap Overlap { get; init; }

    /// <summary>What becomes of times that passed while no worker was there. Default <see cref="ScheduleCatchUp.One"/>.</summary>
    public ScheduleCatchUp CatchUp { get; init; }

    /// <summary>How many times <see cref="ScheduleCatchUp.All"/> makes up for, 1 to 1,000. Default 100.</summary>
    public int CatchUpLimit { get; init; } = PerdureDefaults.ScheduleCatchUpLimit;

    /// <summary>Times that are longer ago are never made up for. Default 24 hours.</summary>
    public TimeSpan CatchUpWindow { get; init; } = PerdureDefaults.ScheduleCatchUpWindow;

    /// <summary>No time before this instant counts; null for no limit.</summary>
    public DateTimeOffset? StartAt { get; init; }

    /// <summary>No time at or behind this instant counts; null for no limit.</summary>
    public DateTimeOffset? EndAt { get; init; }

    /// <summary>Each start is late by something between zero and this, drawn from its time, so that many schedules do not start at one instant. Default zero, at most a day.</summary>
    public TimeSpan Jitter { get; init; }

    /// <summary>Whether it is created paused. Later registrations leave an operator's pause and resume alone.</summary>
    public bool Paused { get; init; }

    /// <summary>Queue of the runs; null for that of the workflow.</summary>
    public string? Queue { get; init; }

    /// <summary>Priority of the runs, −1000 to 1000; null for that of the workflow.</summary>
    public int? Priority { get; init; }

    /// <summary>Timeout of the runs; null for that of the workflow.</summary>
    public TimeSpan? RunTimeout { get; init; }

    /// <summary>Retries of the runs; null for those of the workflow.</summary>
    public RetryPolicy? Retry { get; init; }

    /// <summary>Tags of the runs.</summary>
    public IReadOnlyDictionary<string, string>? Tags { get; init; }

    /// <exception cref="InvalidOptionException">A value cannot be.</exception>
    internal void Validate()
    {
        if (Zone is null || !TimeZoneInfo.TryFindSystemTimeZoneById(Zone, out _))
            throw new InvalidOptionException("ScheduleOptions.Zone", UnknownTimeZoneException.Describe(Zone));
        OptionRules.CheckDefined("ScheduleOptions.Overlap", Overlap);
        OptionRules.CheckDefined("ScheduleOptions.CatchUp", CatchUp);
        if (CatchUpLimit is < 1 or > PerdureDefaults.ScheduleBufferLimit)
            throw new InvalidOptionException("ScheduleOptions.CatchUpLimit", $"A catch-up limit is 1 to {PerdureDefaults.ScheduleBufferLimit}, not {CatchUpLimit}.");
        if (CatchUpWindow <= TimeSpan.Zero) throw new InvalidOptionException("ScheduleOptions.CatchUpWindow", "A catch-up window is longer than zero. To make up for nothing, use CatchUp = None.");
        if (Jitter < TimeSpan.Zero || Jitter > TimeSpan.FromDays(1)) throw new InvalidOptionException("ScheduleOptions.Jitter", $"Jitter lasts zero to a day, not {Durations.Format(Jitter)}.");
        if (EndAt <= StartAt) throw new InvalidOptionException("ScheduleOptions.EndAt", "The end lies behind the start.");
        if (Queue is not null) Names.Validate(NameKind.Queue, Queue);
        OptionRules.CheckPriority("ScheduleOptions.Priority", Priority);
        OptionRules.CheckLimit("ScheduleOptions.RunTimeout", RunTimeout);
        OptionRules.CheckTags("ScheduleOptions.Tags", Tags);
        Retry?.Validate();
    }
}
