namespace Perdure.Simulation.Tests;

/// <summary>Each scenario is struck at each of its store calls: before, after, and with the answer lost; by a crash and by a pause that leaves a zombie.</summary>
public sealed class CrashSweepTests
{
    public static TheoryData<string> Names => [.. Scenarios.All.Select(static scenario => scenario.Name)];

    /// <summary>What a durable engine must be struck in. A takeover and an unknown group outcome happen in each of them.</summary>
    public static TheoryData<string> Required =>
    [
        "chain", "step retry", "workflow retry", "two parallel", "race with losers cancelled", "signal early", "signal late", "timer in memory", "timer in the store",
        "cancel with shield", "activity run locally", "activity on another worker", "lost heartbeat", "delayed start", "start key", "many starts at once", "run timeout", "publish", "deferred",
        "at most once", "side effects and facts", "terminate", "for each", "poison beside health", "takeover at the same time",
    ];

    [Theory]
    [MemberData(nameof(Names))]
    public void Scenario_StruckAtEveryPoint_ViolatesNothing(string name)
    {
        var report = CrashSweep.Run(Scenarios.All.Single(scenario => scenario.Name == name));
        Assert.True(report.Failures.Count == 0, string.Join("\n", report.Failures.Take(5).Select(static failure => $"{failure.Point}: {failure.Violation}")));
        Assert.True(report.Calls >= 5 && report.Points >= 5 * report.Calls, $"inconclusive: {report.Points} points of {report.Calls} calls");
        Assert.True(report.Takeovers > 0, "inconclusive: nobody took over");
        Assert.True(report.RefusedZombies > 0, "inconclusive: no zombie was refused");
        Assert.True(report.UnknownGroups > 0, "inconclusive: no group had an unknown outcome");
    }

    [Theory]
    [MemberData(nameof(Required))]
    public void Scenario_ThatIsRequired_IsThere(string name) => Assert.Single(Scenarios.All, scenario => scenario.Name == name);
}
