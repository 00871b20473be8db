using System.Text.Json;

namespace Perdure.Schedules;

/// <summary>What somebody asked for: when, what, and how.</summary>
internal sealed record ScheduleDefinition
{
    public required string Name { get; init; }

    public required ScheduleTimes Times { get; init; }

    public required string Workflow { get; init; }

    public required int Version { get; init; }

    public required JsonElement Input { get; init; }

    public required ScheduleOptions Options { get; init; }

    /// <summary>Whether the times are the same, so that what passed so far need not be forgotten.</summary>
    public bool HasTimesOf(ScheduleDefinition? other) => other is not null && Times == other.Times
        && (Options.Zone, Options.StartAt, Options.EndAt) == (other.Options.Zone, other.Options.StartAt, other.Options.EndAt);
}
