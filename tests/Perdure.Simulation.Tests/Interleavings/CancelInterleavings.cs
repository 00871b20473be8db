using Perdure.Storage;

namespace Perdure.Simulation.Tests;

/// <summary>Cancellations that race with the end.</summary>
public sealed class CancelInterleavings
{
    [Fact]
    public void G6_CompletingStepRacesWithCancel_EndsOnceAndNeverFlips()
    {
        var ends = new Dictionary<RunStatus, int>();
        for (ulong seed = 1; seed <= 1_000; seed++)
        {
            var stage = new Stage(seed);
            stage.Node();
            stage.Client(Stage.Start(Act.Step("a")));
            stage.Client(Stage.Post(MessageKind.Cancel, behind: "a", inProcess: seed % 2 == 0));
            stage.Until(() => stage.IsClosed() && stage.Cluster.Clients.All(static client => client.IsIdle));
            var (status, events) = (stage.Status(), stage.Run().Events.Count);
            stage.Pass(TimeSpan.FromSeconds(3));
            stage.Finish();
            Assert.Equal((status, events), (stage.Status(), stage.Run().Events.Count));
            ends[status] = ends.GetValueOrDefault(status) + 1;
        }
        Assert.Equal([RunStatus.Completed, RunStatus.Cancelled], ends.Keys.Order());
        Assert.True(ends.Values.Min() >= 50, $"inconclusive: {string.Join(", ", ends)}");
    }
}
