namespace Perdure.Simulation;

/// <summary>How a planted bug was found.</summary>
/// <param name="Defect">The bug.</param>
/// <param name="Where">The seed or the scenario; null when it was not found.</param>
/// <param name="Violation">The rule that it broke.</param>
/// <param name="Worlds">How many worlds were simulated until then.</param>
internal sealed record Catch(Defect Defect, string? Where, Violation? Violation, int Worlds)
{
    /// <summary>Whether the bug was found, and by a promise that it really breaks.</summary>
    public bool IsRight => Violation is { } violation && Specimens.Of(Defect).Rules.Contains(violation.Rule);
}

/// <summary>Plants a bug and lets the same seeds and scenarios find it that find nothing in the engine as it is. A hunt ends at the first find.</summary>
internal static class ZooKeeper
{
    /// <summary>Seeds before the scenarios; the rest of the normal run's seeds come behind them.</summary>
    private const int FirstSeeds = 300;

    public static Catch Hunt(Defect defect)
    {
        var worlds = 0;
        return HuntSeeds(defect, 1, FirstSeeds, ref worlds)
            ?? HuntScenarios(defect, ref worlds)
            ?? HuntSeeds(defect, FirstSeeds + 1, Swarm.Seeds, ref worlds)
            ?? new Catch(defect, null, null, worlds);
    }

    private static Catch? HuntSeeds(Defect defect, int first, int last, ref int worlds)
    {
        for (var seed = first; seed <= last; seed++)
        {
            worlds++;
            var result = SwarmEpisode.Run((ulong)seed, defect);
            if (IsFound(result.Violation)) return new Catch(defect, $"seed {seed}", result.Violation, worlds);
        }
        return null;
    }

    private static Catch? HuntScenarios(Defect defect, ref int worlds)
    {
        var first = Specimens.Of(defect).Scenarios;
        foreach (var scenario in Scenarios.All.OrderBy(scenario => !first.Contains(scenario.Name)))
        {
            var report = CrashSweep.Run(scenario, defect, stopAtFirst: true);
            worlds += report.Points + 1;
            foreach (var (point, violation) in report.Failures)
                if (IsFound(violation)) return new Catch(defect, $"\"{scenario.Name}\", {point?.ToString() ?? "undisturbed"}", violation, worlds);
        }
        return null;
    }

    /// <summary>The harness's own complaints are no find.</summary>
    private static bool IsFound(Violation? violation) => violation is not null && violation.Rule != "simulator";
}
