namespace Perdure;

/// <summary>The four clocks of an activity. Values are stored; they never change their number.</summary>
public enum ActivityClock
{
    /// <summary>One attempt took too long. Retried.</summary>
    StartToClose = 0,

    /// <summary>It waited too long in its queue, and never ran. Not retried.</summary>
    ScheduleToStart = 1,

    /// <summary>All attempts together took too long.</summary>
    ScheduleToClose = 2,

    /// <summary>An attempt was silent for too long. Retried.</summary>
    Heartbeat = 3,
}
