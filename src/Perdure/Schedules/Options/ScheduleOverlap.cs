namespace Perdure;

/// <summary>What happens when a schedule is due while a run that it started is still live. Values are stored.</summary>
public enum ScheduleOverlap
{
    /// <summary>The time is skipped; the next one behind the run's end starts again. The default.</summary>
    Skip = 0,

    /// <summary>One start is kept and made when the run has ended; what comes on top of it is skipped.</summary>
    BufferOne = 1,

    /// <summary>Every start is kept, up to 1,000, and made one after the other.</summary>
    BufferAll = 2,

    /// <summary>The run is asked to cancel, and the new one is started when it has ended.</summary>
    CancelOther = 3,

    /// <summary>The run is asked to cancel, and the new one is started at once.</summary>
    CancelOtherNoWait = 4,

    /// <summary>Runs may be live side by side.</summary>
    AllowAll = 5,
}
