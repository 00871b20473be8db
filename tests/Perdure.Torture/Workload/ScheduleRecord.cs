namespace Perdure.Torture.Workload;

/// <summary>A schedule, and what the clients that made and deleted it were told.</summary>
internal sealed class ScheduleRecord(GeneratedProgram program, string cron, TimeSpan period, bool skipsOverlaps)
{
    public GeneratedProgram Program { get; } = program;

    public string Name => Program.Name;

    public string Cron { get; } = cron;

    /// <summary>From one of its times to the next; times are whole multiples of it.</summary>
    public TimeSpan Period { get; } = period;

    /// <summary>Whether a time is skipped while the run of an earlier one lives.</summary>
    public bool SkipsOverlaps { get; } = skipsOverlaps;

    /// <summary>When it was asked for first. No time before that is its own.</summary>
    public DateTime PutAt { get; set; }

    /// <summary>When that was answered. Times from here on are its own.</summary>
    public DateTime PutAnsweredAt { get; set; }

    /// <summary>When its deletion was asked for. Times until here are its own.</summary>
    public DateTime DeletedAt { get; set; }

    /// <summary>When that was answered. No time behind that is its own.</summary>
    public DateTime DeleteAnsweredAt { get; set; }
}
