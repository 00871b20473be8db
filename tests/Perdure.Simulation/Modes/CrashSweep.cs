namespace Perdure.Simulation;

/// <summary>Crash at every point: each scenario is told once for every call of its first processes, every moment of the call, and every blow.</summary>
internal static class CrashSweep
{
    public static SweepReport Run(Scenario scenario, Defect? defect = null, bool stopAtFirst = false)
    {
        var report = new SweepReport(scenario);
        var calm = ScenarioEpisode.Tell(scenario, null, defect);
        report.Add(null, calm);
        foreach (var point in Points(calm))
        {
            if (stopAtFirst && report.Failures.Count > 0) break;
            report.Add(point, ScenarioEpisode.Tell(scenario, point, defect));
        }
        return report;
    }

    private static IEnumerable<CrashPoint> Points(ScenarioEpisode.Outcome calm)
    {
        foreach (var (target, calls) in calm.Calls)
            for (var call = 0; call < calls.Length; call++)
                foreach (var point in target[0] == 'n' ? CrashPoint.OfWorker(target, call) : CrashPoint.OfClient(target, call)) yield return point;
    }
}

/// <summary>What a sweep of one scenario found.</summary>
internal sealed class SweepReport(Scenario scenario)
{
    public Scenario Scenario { get; } = scenario;

    /// <summary>Points at which the blow fell.</summary>
    public int Points { get; private set; }

    /// <summary>Store calls of the story when nothing goes wrong.</summary>
    public int Calls { get; private set; }

    public int Takeovers { get; private set; }

    public int RefusedZombies { get; private set; }

    /// <summary>Groups of which their worker was not told whether they were committed.</summary>
    public int UnknownGroups { get; private set; }

    public List<(CrashPoint? Point, Violation Violation)> Failures { get; } = [];

    public void Add(CrashPoint? point, ScenarioEpisode.Outcome outcome)
    {
        if (point is null) Calls = outcome.Calls.Values.Sum(static calls => calls.Length);
        else if (outcome.Struck is not null) Points++;
        else Failures.Add((point, new Violation("simulator", "The blow did not fall: the story differs before it.")));
        if (point is { Blow: Blow.Unknown } && outcome.Struck == StoreCall.CommitGroup) UnknownGroups++;
        Takeovers += outcome.Counts.Takeovers;
        RefusedZombies += outcome.Counts.RefusedZombies;
        if (outcome.Violation is { } violation) Failures.Add((point, violation));
    }
}
