namespace Perdure.Simulation.Tests;

/// <summary>The attacks that the commit protocol was designed against. Each has a planted bug that takes its defence away, or a scenario that carries it out.</summary>
public sealed class AttackTests
{
    private static readonly string[] Known =
    [
        "zombie commits or claims after takeover",
        "group lands after we looked",
        "failover loses groups",
        "message just before release or close",
        "owner's update hides a message",
        "child end lost between two commits",
        "direct message into a release",
        "late copy of a consumed message",
        "soft outcome of an unknown commit",
        "later turns after a failed item",
        "stale history at claim",
        "late task result",
        "frozen sender holds the lane row",
    ];

    public static TheoryData<string> Names => [.. Known];

    [Theory]
    [MemberData(nameof(Names))]
    public void Attack_HasAPlantedBugOrAScenario(string name)
    {
        var attack = Assert.Single(Attacks.All, attack => attack.Name == name);
        Assert.NotEmpty(attack.Rule);
        Assert.True(attack.Defects.Length + attack.Scenarios.Length > 0, $"Nothing shows that the attack \"{name}\" fails.");
        // Planted bugs are found in ZooTests, scenarios played in CrashSweepTests.
        Assert.All(attack.Defects, static defect => Assert.Contains(defect, Enum.GetValues<Defect>()));
        Assert.All(attack.Scenarios, static scenario => Assert.Contains(scenario, Scenarios.All.Select(static known => known.Name)));
    }

    [Fact]
    public void Attacks_AreTheProtocols() => Assert.Equal(Known, Attacks.All.Select(static attack => attack.Name));
}
