namespace Perdure.Schedules;

/// <summary>A span of times that are still to be started.</summary>
/// <param name="Cursor">Up to here they have been.</param>
/// <param name="End">The instant before which they end.</param>
internal sealed record ScheduleSpan(DateTimeOffset Cursor, DateTimeOffset End);
