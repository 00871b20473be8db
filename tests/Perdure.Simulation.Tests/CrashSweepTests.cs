namespace Perdure.Simulation.Tests;

/// <summary>Each scenario is struck at each of its store calls: before, after, and with the answer lost; by a crash and by a pause that leaves a zombie.</summary>
public sealed class CrashSweepTests
{
    public static TheoryData<string> Names => [.. Scenarios.All.Select(scenario => scenario.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Scenario_StruckAtEveryPoint_ViolatesNothing(string name)
    {
        var report = CrashSweep.Run(Scenarios.All.Single(scenario => scenario.Name == name));
        Assert.True(report.Points > 0 && report.Calls > 0, "inconclusive: nothing was struck");
        Assert.True(report.Failures.Count == 0, string.Join("\n", report.Failures.Take(5).Select(failure => $"{failure.Point}: {failure.Violation}")));
    }

    [Fact]
    public void Scenarios_AreAtLeastTwenty() => Assert.True(Scenarios.All.Count >= 20);
}
