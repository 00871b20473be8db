using System.Text.Json;

namespace Perdure.Schedules;

/// <summary>What a client asks of a schedule's run, as a signal.</summary>
internal sealed record ScheduleCommand
{
    public required ScheduleVerb Verb { get; init; }

    /// <summary>Of <see cref="ScheduleVerb.Define"/>.</summary>
    public ScheduleDefinition? Definition { get; init; }

    /// <summary>Of <see cref="ScheduleVerb.Pause"/>.</summary>
    public string? Reason { get; init; }

    /// <summary>Of <see cref="ScheduleVerb.Trigger"/>: the input of the one extra run; null for that of the schedule.</summary>
    public JsonElement? Input { get; init; }

    /// <summary>Of <see cref="ScheduleVerb.Backfill"/>: its first instant.</summary>
    public DateTimeOffset From { get; init; }

    /// <summary>Of <see cref="ScheduleVerb.Backfill"/>: the instant before which it ends.</summary>
    public DateTimeOffset To { get; init; }
}

/// <summary>Kinds of commands. Values are stored.</summary>
internal enum ScheduleVerb
{
    Define = 0,
    Pause = 1,
    Resume = 2,
    Trigger = 3,
    Backfill = 4,
}
