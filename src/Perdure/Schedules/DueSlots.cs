namespace Perdure.Schedules;

/// <summary>The times that have come and were not decided on yet, and what the catch-up policy makes of them.</summary>
/// <param name="Wanted">To be started, oldest first.</param>
/// <param name="Skipped">Not to be started, with the reason.</param>
/// <param name="Cursor">Up to here all are decided.</param>
internal sealed record DueSlots(IReadOnlyList<DateTimeOffset> Wanted, IReadOnlyList<(DateTimeOffset Slot, string Reason)> Skipped, DateTimeOffset Cursor)
{
    /// <summary>The latest time is on time if it is not later than this; else it is made up for, as all before it.</summary>
    private static readonly TimeSpan OnTime = TimeSpan.FromMinutes(1);

    /// <summary>So many are looked at one by one; a schedule of seconds that slept for a year does not have to count them all.</summary>
    private const int MostAtOnce = 10_000;

    /// <param name="definition">The schedule.</param>
    /// <param name="slots">Its times.</param>
    /// <param name="cursor">Up to here all have been decided.</param>
    /// <param name="now">The instant.</param>
    public static DueSlots Take(ScheduleDefinition definition, Slots slots, DateTimeOffset cursor, DateTimeOffset now)
    {
        var options = definition.Options;
        var late = new List<DateTimeOffset>();
        var isOnTime = false;
        var skipped = new List<(DateTimeOffset, string)>();
        var window = now - options.CatchUpWindow;
        // A time that is acted on later than it is named must not be passed over, so the cursor stops before the first one that is not due yet.
        while (slots.NextAfter(cursor) is { } slot && slots.DueAt(slot, definition.Name) is var due && due <= now)
        {
            cursor = slot;
            isOnTime = due >= now - OnTime;
            if (slot < window) skipped.Add((slot, "window"));
            else late.Add(slot);
            if (skipped.Count + late.Count < MostAtOnce) continue;
            // Whatever comes before the window is skipped anyway.
            if (cursor < window) cursor = window;
            else break;
        }
        var kept = options.CatchUp switch
        {
            ScheduleCatchUp.None => isOnTime ? 1 : 0,
            ScheduleCatchUp.One => 1,
            _ => options.CatchUpLimit,
        };
        var dropped = Math.Max(0, late.Count - kept);
        skipped.AddRange(late.Take(dropped).Select(static slot => (slot, "catch-up")));
        return new DueSlots([.. late.Skip(dropped)], skipped, cursor);
    }
}
