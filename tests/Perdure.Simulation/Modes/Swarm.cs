namespace Perdure.Simulation;

/// <summary>Many seeds, one after the other.</summary>
internal static class Swarm
{
    /// <summary>Seeds of the normal run: from 1 up to this.</summary>
    public const int Seeds = 2_000;

    /// <summary>Runs seeds and adds up what happened in them; <paramref name="onViolation"/> is told of every one that breaks a promise.</summary>
    public static SwarmTotal Run(long firstSeed, long seeds, Action<ulong, EpisodeResult> onViolation)
    {
        var total = new EpisodeCounts();
        var simulated = TimeSpan.Zero;
        for (var seed = firstSeed; seed < firstSeed + seeds; seed++)
        {
            var result = SwarmEpisode.Run((ulong)seed);
            total += result.Counts;
            simulated += result.Simulated;
            if (result.Violation is not null) onViolation((ulong)seed, result);
        }
        return new SwarmTotal(total, simulated);
    }
}

/// <summary>What a swarm saw.</summary>
/// <param name="Counts">How often what happened.</param>
/// <param name="Simulated">Virtual time of all worlds.</param>
internal sealed record SwarmTotal(EpisodeCounts Counts, TimeSpan Simulated)
{
    /// <summary>Least numbers for each thousand seeds: with fewer faults than these a swarm that found nothing has shown nothing.</summary>
    private static readonly (string What, Func<EpisodeCounts, int> Count, int PerThousand)[] Minima =
    [
        ("crashes", static counts => counts.Crashes, 1_000),
        ("crashes in a body", static counts => counts.CrashesInBody, 100),
        ("pauses", static counts => counts.Pauses, 500),
        ("graceful stops", static counts => counts.GracefulStops, 300),
        ("takeovers", static counts => counts.Takeovers, 500),
        ("refused zombie writes", static counts => counts.RefusedZombies, 250),
        ("refused bundles", static counts => counts.RefusedBundles, 30),
        ("unknown outcomes", static counts => counts.UnknownOutcomes, 5_000),
        ("transient failures", static counts => counts.TransientFailures, 2_000),
        ("signals", static counts => counts.Signals, 500),
        ("signals before their wait", static counts => counts.EarlySignals, 40),
        ("cancellations", static counts => counts.Cancels, 200),
        ("blocked runs", static counts => counts.Blocked, 5),
        ("steps of the store's clock", static counts => counts.ClockSteps, 150),
        ("paused runs", static counts => counts.Paused, 100),
        ("retried runs", static counts => counts.Reopened, 200),
        ("runs that schedules have started", static counts => counts.Scheduled, 200),
        ("calls to work", static counts => counts.Rounds, 500),
        ("retried runs that had been stopped", static counts => counts.ReopenedStopped, 100),
    ];

    /// <summary>What was missing, so that the result says nothing; null when nothing was.</summary>
    public string? Inconclusive
    {
        get
        {
            foreach (var (what, count, perThousand) in Minima)
            {
                var least = Math.Max(1, (int)((long)perThousand * Counts.Worlds / 1_000));
                if (count(Counts) < least) return $"inconclusive: {count(Counts)} {what} in {Counts.Worlds} worlds, expected {least} at least";
            }
            return null;
        }
    }
}
