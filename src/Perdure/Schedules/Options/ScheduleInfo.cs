using System.Text.Json;

namespace Perdure;

/// <summary>A schedule as it stood when it was asked for.</summary>
public sealed record ScheduleInfo
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>When it is due.</summary>
    public required ScheduleTimes Times { get; init; }

    /// <summary>Name of the workflow that it starts.</summary>
    public required string Workflow { get; init; }

    /// <summary>Version of the workflow that it starts.</summary>
    public required int Version { get; init; }

    /// <summary>Input of the runs.</summary>
    public required JsonElement Input { get; init; }

    /// <summary>Its options.</summary>
    public required ScheduleOptions Options { get; init; }

    /// <summary>Whether it stands still.</summary>
    public bool IsPaused { get; init; }

    /// <summary>Why it stands still, if somebody said so or the engine paused it after five failed starts; else null.</summary>
    public string? PauseReason { get; init; }

    /// <summary>The next time that counts; null while it is paused, and when no other comes.</summary>
    public DateTimeOffset? NextAt { get; init; }

    /// <summary>The last time for which a run was started; null for none.</summary>
    public DateTimeOffset? LastAt { get; init; }

    /// <summary>The last run that it started; null for none.</summary>
    public string? LastRunId { get; init; }

    /// <summary>The last start that failed, up to 1,024 characters; null when the last one did not.</summary>
    public string? LastError { get; init; }

    /// <summary>Runs that it started.</summary>
    public long Started { get; init; }

    /// <summary>Of them, those that completed.</summary>
    public long Succeeded { get; init; }

    /// <summary>Of them, those that ended in another way.</summary>
    public long Failed { get; init; }

    /// <summary>Times that were skipped.</summary>
    public long Skipped { get; init; }

    /// <summary>Starts that failed.</summary>
    public long StartErrors { get; init; }

    /// <summary>Starts that wait for the end of another run.</summary>
    public int Buffered { get; init; }

    /// <summary>Starts that had to wait for the end of another run, in all: those that wait now, those that were made since, and those that were skipped in the end.</summary>
    public long BufferedInAll { get; init; }

    /// <summary>Runs that it started and that are live.</summary>
    public IReadOnlyList<string> Live { get; init; } = [];

    /// <summary>The last 20 times and what became of them, newest last.</summary>
    public IReadOnlyList<ScheduleFire> Recent { get; init; } = [];

    /// <summary>Id of the engine's run that keeps the schedule; its history tells every decision.</summary>
    public required string RunId { get; init; }
}
