namespace Perdure;

/// <summary>What becomes of times that passed while no worker was there to start anything. Values are stored.</summary>
public enum ScheduleCatchUp
{
    /// <summary>The latest of them is made up for; the others are skipped. The default.</summary>
    One = 0,

    /// <summary>All are skipped.</summary>
    None = 1,

    /// <summary>All are made up for, the latest <see cref="ScheduleOptions.CatchUpLimit"/> at most.</summary>
    All = 2,
}
