using Perdure.Torture.Records;

namespace Perdure.Torture.Checking;

/// <summary>How much of everything there was.</summary>
internal sealed record Counts
{
    public int Runs { get; init; }
    public int Events { get; init; }
    public int Bodies { get; init; }
    public int Kills { get; init; }
    public int KillsInBodies { get; init; }
    public int Freezes { get; init; }
    public int GracefulStops { get; init; }
    public int ClientKills { get; init; }
    public int Locks { get; init; }
    public int Restarts { get; init; }
    public int SessionsEnded { get; init; }
    public int Cuts { get; init; }
    public int UnknownStoreCalls { get; init; }
    public int Takeovers { get; init; }
    public int RefusedZombies { get; init; }
    public int UnknownCalls { get; init; }
    public int UnknownCommits { get; init; }
    public int Signals { get; init; }
    public int Cancels { get; init; }
    public int Timers { get; init; }
    public int Undos { get; init; }
    public int Parked { get; init; }
    public int Children { get; init; }
    public int Continuations { get; init; }
    public int QueuedBodies { get; init; }
    public int SignalledStarts { get; init; }
    public int CronStarts { get; init; }
    public int CronSkips { get; init; }
    public int AttemptsFailed { get; init; }

    /// <summary>Runs that another process went on with after theirs was killed or frozen.</summary>
    public static int TakeoversIn(Evidence evidence)
    {
        var lost = evidence.Faults.Where(fault => fault.Kind is FaultKind.Kill or FaultKind.Freeze or FaultKind.Died).Select(fault => fault.Boot).ToHashSet();
        var count = 0;
        foreach (var run in evidence.ByRun)
        {
            string? boot = null;
            foreach (var line in run.Where(line => line.IsBegin && !evidence.IsQueued(line)))
            {
                if (boot is not null && boot != line.Boot && lost.Contains(boot)) count++;
                boot = line.Boot;
            }
        }
        return count;
    }

    /// <summary>What there was too little of.</summary>
    public IReadOnlyList<string> Below(Minimums least)
    {
        var missing = new List<string>();
        Need("SIGKILLs", Kills, least.Kills);
        Need("takeovers", Takeovers, least.Takeovers);
        Need("refused zombies", RefusedZombies, least.RefusedZombies);
        Need("unknown commits", UnknownCommits, least.UnknownCommits);
        Need("graceful stops", GracefulStops, least.GracefulStops);
        Need("outages of the store", Locks + Restarts + SessionsEnded + Cuts, least.Outages);
        Need("cancellations", Cancels, least.Cancels);
        Need("signals taken", Signals, least.Signals);
        Need("timers fired", Timers, least.Timers);
        Need("undo steps", Undos, least.Undos);
        Need("children", Children, least.Children);
        Need("continuations as new", Continuations, least.Continuations);
        Need("bodies by way of a queue", QueuedBodies, least.QueuedBodies);
        Need("starts with a signal", SignalledStarts, least.SignalledStarts);
        Need("starts by a schedule", CronStarts, least.CronStarts);
        return missing;

        void Need(string what, int count, int minimum)
        {
            if (count < minimum) missing.Add($"{what}: {count} of {minimum}");
        }
    }
}
