namespace Perdure.Schedules;

/// <summary>What a schedule's run knows, and what it shows of itself. Goes with it when it continues as a new run.</summary>
internal sealed record ScheduleState
{
    /// <summary>How many decisions are shown.</summary>
    private const int RecentCount = 20;

    /// <summary>Null until the first command has come.</summary>
    public ScheduleDefinition? Definition { get; set; }

    public bool IsPaused { get; set; }

    public string? PauseReason { get; set; }

    /// <summary>Up to here every time has been decided on.</summary>
    public DateTimeOffset Cursor { get; set; }

    public DateTimeOffset? NextAt { get; set; }

    /// <summary>Times whose starts wait for their turn, oldest first.</summary>
    public List<DateTimeOffset> Pending { get; init; } = [];

    /// <summary>Spans whose times are started besides.</summary>
    public List<ScheduleSpan> Backfills { get; init; } = [];

    /// <summary>Runs that are live, and whose ends this run is told.</summary>
    public List<string> Live { get; init; } = [];

    public DateTimeOffset? LastAt { get; set; }

    public string? LastRunId { get; set; }

    public string? LastError { get; set; }

    /// <summary>Starts that failed in a row.</summary>
    public int ErrorsInARow { get; set; }

    public long Started { get; set; }

    public long Succeeded { get; set; }

    public long Failed { get; set; }

    public long Skipped { get; set; }

    public long StartErrors { get; set; }

    /// <summary>Times whose starts had to wait for the end of another run.</summary>
    public long BufferedInAll { get; set; }

    public List<ScheduleFire> Recent { get; init; } = [];

    public void Note(ScheduleFire fire)
    {
        if (fire.Outcome == ScheduleOutcome.Skipped) Skipped += fire.Count;
        if (fire.Outcome == ScheduleOutcome.Buffered) BufferedInAll++;
        // A row of skipped times is one line.
        if (fire.Outcome == ScheduleOutcome.Skipped && Recent is [.., { Outcome: ScheduleOutcome.Skipped } last] && last.Reason == fire.Reason)
            Recent[^1] = last with { At = fire.At, Count = last.Count + fire.Count };
        else Recent.Add(fire);
        if (Recent.Count > RecentCount) Recent.RemoveAt(0);
    }
}
