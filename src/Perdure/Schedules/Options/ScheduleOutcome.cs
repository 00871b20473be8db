namespace Perdure;

/// <summary>What became of a time of a schedule. Values are stored.</summary>
public enum ScheduleOutcome
{
    /// <summary>A run was started.</summary>
    Started = 0,

    /// <summary>Nothing was started; <see cref="ScheduleFire.Reason"/> says why.</summary>
    Skipped = 1,

    /// <summary>The start waits, or has waited, for the end of another run. What becomes of it then is told by another line.</summary>
    Buffered = 2,

    /// <summary>The start failed; <see cref="ScheduleFire.Reason"/> is its error.</summary>
    Failed = 3,
}
