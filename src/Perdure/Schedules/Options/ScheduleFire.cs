namespace Perdure;

/// <summary>A time of a schedule, and what became of it.</summary>
/// <param name="Slot">The time itself, without jitter: what names it.</param>
/// <param name="At">When that was decided.</param>
/// <param name="Outcome">What became of it.</param>
/// <param name="Reason">Why nothing was started: <c>paused</c>, <c>overlap</c>, <c>catch-up</c>, <c>window</c>, <c>duplicate</c>, or the error; else null.</param>
/// <param name="RunId">The run that was started; else null.</param>
/// <param name="Count">How many times in a row are meant, if there are so many that they are told together; else 1.</param>
public sealed record ScheduleFire(DateTimeOffset Slot, DateTimeOffset At, ScheduleOutcome Outcome, string? Reason = null, string? RunId = null, int Count = 1);
