namespace Perdure.Torture;

/// <summary>Least numbers of things that must have happened; a run with fewer is inconclusive, not passed.</summary>
internal sealed record Minimums
{
    public int Kills { get; init; } = 20;
    public int Takeovers { get; init; } = 5;
    public int RefusedZombies { get; init; } = 3;
    public int UnknownCommits { get; init; } = 3;
    public int GracefulStops { get; init; } = 2;

    /// <summary>There are four kinds on a server, and they take turns: each must have happened.</summary>
    public int Outages { get; init; } = 4;

    public int Cancels { get; init; } = 10;
    public int Signals { get; init; } = 30;
    public int Timers { get; init; } = 30;
    public int Undos { get; init; } = 3;
    public int Children { get; init; } = 10;
    public int Continuations { get; init; } = 10;
    public int QueuedBodies { get; init; } = 30;
    public int SignalledStarts { get; init; } = 10;
    public int CronStarts { get; init; } = 5;
}
