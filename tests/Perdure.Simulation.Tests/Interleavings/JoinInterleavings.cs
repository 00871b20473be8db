namespace Perdure.Simulation.Tests;

/// <summary>Branches that end at the same instant.</summary>
public sealed class JoinInterleavings
{
    private static readonly string[] Branches = [.. Enumerable.Range(0, 8).Select(static i => $"b{i}")];

    [Fact]
    public void I2_EightStepsEndAtTheSameInstant_TheJoinHappensOnce()
    {
        for (ulong seed = 1; seed <= 200; seed++)
        {
            var stage = new Stage(seed, new HookedPlanner(seed) { SlowestMs = seed % 2 == 0 ? 0 : 0.3 });
            stage.Node();
            stage.Client(Stage.Start(Act.Then(Act.All([.. Branches.Select(static name => Act.Step(name, 10))]), Act.Step("join"))));
            stage.Until(() => stage.IsClosed());
            stage.Finish();
            Assert.Equal(Branches.Append("join"), stage.Events(EventKind.StepCompleted).Select(static e => e.Name).Order());
            Assert.Single(stage.Bodies("join"));
        }
    }

    [Fact]
    public void I2_EightActivitiesOnTwoWorkersEndAtTheSameInstant_TheJoinHappensOnce()
    {
        var remote = 0;
        for (ulong seed = 1; seed <= 200; seed++)
        {
            var stage = new Stage(seed, new HookedPlanner(seed) { SlowestMs = seed % 2 == 0 ? 0 : 0.3 });
            var four = Stage.Settings with { ActivityQueues = new Dictionary<string, int> { [PerdureDefaults.Queue] = 4 } };
            for (var i = 0; i < 2; i++) stage.Node(four);
            stage.Client(Stage.Start(Act.Then(Act.All([.. Branches.Select(static name => Act.Activity(name, 10))]), Act.Step("join"))));
            stage.Until(() => stage.IsClosed());
            stage.Finish();
            Assert.Equal(Enumerable.Range(0, 8), stage.Events(EventKind.ActivityCompleted).Select(static e => e.Operation).Order());
            Assert.Equal(8, stage.Bodies("work").Count);
            Assert.Single(stage.Bodies("join"));
            if (stage.Bodies("work").Select(static body => body.Node).Distinct().Count() == 2) remote++;
        }
        Assert.True(remote >= 100, $"inconclusive: both workers had activities {remote} times");
    }
}
