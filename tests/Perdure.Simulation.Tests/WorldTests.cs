using Perdure.Worker;

namespace Perdure.Simulation.Tests;

public sealed class WorldTests
{
    [Fact]
    public void Run_OneWorkerThreeSteps_CompletesTheSameWayTwice()
    {
        var first = Simulate(seed: 1);
        var second = Simulate(seed: 1);
        var other = Simulate(seed: 2);

        Assert.Equal(RunStatus.Completed, first.Status);
        Assert.Equal(first, second);
        Assert.NotEqual(first.Hash, other.Hash);
    }

    private static (RunStatus? Status, ulong Hash, long Time) Simulate(ulong seed)
    {
        var cluster = new Cluster(seed, new CalmPlanner(new SimRandom(seed)));
        cluster.StartNode(new WorkerSettings());
        var client = cluster.AddClient();
        client.Do(new StartOp { Run = "a", Program = Act.Then(Act.Step("x"), Act.Step("y"), Act.Step("z")) });
        cluster.World.Run(() => cluster.Tap.Runs.Any(static run => run.ClosedOrder > 0), TimeSpan.FromMinutes(1).Ticks);
        Assert.Null(cluster.World.Violation);
        return (cluster.Tap.Runs.Single().Close?.Status, cluster.World.Trace.Hash, cluster.World.Now);
    }
}
