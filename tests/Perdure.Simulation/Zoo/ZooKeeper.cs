namespace Perdure.Simulation;

/// <summary>How a planted bug was found.</summary>
/// <param name="Defect">The bug.</param>
/// <param name="Where">The seed or the scenario; null when it was not found.</param>
/// <param name="Violation">The rule that it broke.</param>
/// <param name="Worlds">How many worlds were simulated until then.</param>
internal sealed record Catch(Defect Defect, string? Where, Violation? Violation, int Worlds);

/// <summary>Plants each bug in turn and lets the same seeds and scenarios find it that find nothing in the engine as it is.</summary>
internal static class ZooKeeper
{
    public static Catch Hunt(Defect defect, int firstSeed, int seeds)
    {
        for (var i = 0; i < seeds; i++)
        {
            var result = SwarmEpisode.Run((ulong)(firstSeed + i), defect);
            if (IsFound(result.Violation)) return new Catch(defect, $"seed {firstSeed + i}", result.Violation, i + 1);
        }
        var worlds = seeds;
        foreach (var scenario in Scenarios.All)
        {
            var report = CrashSweep.Run(scenario, defect, stopAtFirst: true);
            worlds += report.Points + 1;
            foreach (var (point, violation) in report.Failures)
                if (IsFound(violation)) return new Catch(defect, $"{scenario.Name}, {point}", violation, worlds);
        }
        return new Catch(defect, null, null, worlds);
    }

    /// <summary>The harness's own complaints are no catch.</summary>
    private static bool IsFound(Violation? violation) => violation is not null && violation.Rule != "simulator";
}
