namespace Perdure.Simulation;

/// <summary>What came of one simulated world.</summary>
internal sealed record EpisodeResult
{
    public required Violation? Violation { get; init; }

    public required ulong Hash { get; init; }

    /// <summary>What the world was like.</summary>
    public required string Configuration { get; init; }

    public required TimeSpan Simulated { get; init; }

    public required EpisodeCounts Counts { get; init; }

    public IReadOnlyList<TraceLine> Lines { get; init; } = [];
}

/// <summary>How often what happened. A verdict needs enough of everything.</summary>
internal sealed record EpisodeCounts
{
    public int Worlds { get; init; }

    public int Runs { get; init; }

    public int Events { get; init; }

    public int Bodies { get; init; }

    public int StoreCalls { get; init; }

    public int Crashes { get; init; }

    /// <summary>Crashes while a body was running.</summary>
    public int CrashesInBody { get; init; }

    public int Pauses { get; init; }

    public int GracefulStops { get; init; }

    public int Takeovers { get; init; }

    public int RefusedZombies { get; init; }

    public int RefusedBundles { get; init; }

    public int UnknownOutcomes { get; init; }

    public int TransientFailures { get; init; }

    public int Signals { get; init; }

    public int EarlySignals { get; init; }

    public int Cancels { get; init; }

    public int Blocked { get; init; }

    /// <summary>Groups that the store refused for the sake of one run.</summary>
    public int PoisonRefusals { get; init; }

    public int Reopened { get; init; }

    /// <summary>Runs that were cancelled or terminated and reopened.</summary>
    public int ReopenedStopped { get; init; }

    /// <summary>Steps of the store's clock, back and forth.</summary>
    public int ClockSteps { get; init; }

    /// <summary>How often runs stood still on an operator's order.</summary>
    public int Paused { get; init; }

    /// <summary>Runs that times of schedules have started.</summary>
    public int Scheduled { get; init; }

    /// <summary>Calls to processes that work on request.</summary>
    public int Rounds { get; init; }

    public static EpisodeCounts operator +(EpisodeCounts a, EpisodeCounts b) => new()
    {
        Worlds = a.Worlds + b.Worlds, Runs = a.Runs + b.Runs, Events = a.Events + b.Events, Bodies = a.Bodies + b.Bodies, StoreCalls = a.StoreCalls + b.StoreCalls,
        Crashes = a.Crashes + b.Crashes, CrashesInBody = a.CrashesInBody + b.CrashesInBody, Pauses = a.Pauses + b.Pauses, GracefulStops = a.GracefulStops + b.GracefulStops,
        Takeovers = a.Takeovers + b.Takeovers, RefusedZombies = a.RefusedZombies + b.RefusedZombies, RefusedBundles = a.RefusedBundles + b.RefusedBundles,
        UnknownOutcomes = a.UnknownOutcomes + b.UnknownOutcomes, TransientFailures = a.TransientFailures + b.TransientFailures, Signals = a.Signals + b.Signals,
        EarlySignals = a.EarlySignals + b.EarlySignals, Cancels = a.Cancels + b.Cancels, Blocked = a.Blocked + b.Blocked,
        PoisonRefusals = a.PoisonRefusals + b.PoisonRefusals, Reopened = a.Reopened + b.Reopened, ReopenedStopped = a.ReopenedStopped + b.ReopenedStopped, ClockSteps = a.ClockSteps + b.ClockSteps, Paused = a.Paused + b.Paused,
        Scheduled = a.Scheduled + b.Scheduled, Rounds = a.Rounds + b.Rounds,
    };
}
