using Perdure.Storage;

namespace Perdure.Simulation.Tests;

/// <summary>Runs that an operator retries: another life of the same run, whatever is left of the one before.</summary>
public sealed class ReopeningStories
{
    [Fact]
    public void I08_RunReopenedBeforeItsOwnerKnowsThatItHasEnded_IsInMemoryOnce()
    {
        for (ulong seed = 1; seed <= 100; seed++)
        {
            var planner = new HookedPlanner(seed);
            var stage = new Stage(seed, planner);
            stage.Node(Stage.Settings with { Lease = TimeSpan.FromSeconds(10) });
            var isSilent = false;
            // The commit that ends the run is executed and never answered. Its worker claims the run again while it still waits for the answer.
            planner.Fate = (_, call) =>
            {
                if (isSilent || call != StoreCall.CommitGroup || stage.Bodies("a") is not [{ EndOrder: > 0 }]) return CallFate.Answered;
                isSilent = true;
                return CallFate.Silent;
            };
            stage.Client(Stage.Start(Act.Then(Act.Step("a", failing: 1, tries: 1), Act.Step("b", 300))));
            stage.Client(new RetryOp { Run = "r", At = Stage.Ms(10) });
            stage.Until(() => stage.Bodies("b") is [{ EndOrder: > 0 }, ..] && stage.IsClosed());
            stage.Pass(TimeSpan.FromSeconds(3));
            stage.Finish();
            Assert.True(isSilent, "inconclusive: the answer was not lost");
            Assert.Equal([1, 2], stage.Bodies("a").Select(static body => body.Attempt));
            Assert.Single(stage.Bodies("b"));
            Assert.Equal(RunStatus.Completed, stage.Status());
        }
    }

    [Fact]
    public void I21_SignalsBeforeAndBehindAnOrderToEnd_KeepTheirOrderInTheNextLife()
    {
        var crossed = 0;
        for (ulong seed = 1; seed <= 100; seed++)
        {
            var stage = new Stage(seed);
            // Nobody looks for a while, so whoever takes the run finds the first signal together with the order.
            stage.Cluster.Hints.Lost = 1;
            stage.Node(Stage.Settings with { KeepWarm = TimeSpan.Zero });
            stage.Client(Stage.Start(Act.Then(Act.Sleep(2_000), Act.Wait("go"), Act.Wait("go"), Act.Step("a"))));
            stage.Until(() => stage.Cluster.Tap.Runs.Count == 1 && stage.Status() == RunStatus.Suspended);
            var sender = stage.Cluster.AddClient();
            sender.Do(Stage.Signal(), Stage.Post(MessageKind.Terminate));
            stage.Until(() => stage.Run().Term == 2);
            sender.Do(Stage.Signal());
            stage.Until(() => stage.IsClosed());
            stage.Client(new RetryOp { Run = "r" });
            if (stage.Events(EventKind.SignalReceived).Count() == 2) crossed++;
            stage.Finish();
        }
        Assert.True(crossed > 20, $"inconclusive: a signal came while the end was being written in {crossed} worlds only");
    }

    [Fact]
    public void I07_RunThatEndsBesideOrdersToPause_ForgetsThemInItsNextLife()
    {
        var lives = new Dictionary<string, int>();
        for (ulong seed = 1; seed <= 300; seed++)
        {
            var stage = new Stage(seed);
            stage.Node();
            stage.Client(Stage.Start(Act.Then(Act.Step("a"), Act.Step("b", 20))));
            stage.Client(Stage.Post(MessageKind.Cancel, behind: "a"));
            // The first one stops the reading, so that the second one is still there when the run has ended.
            stage.Client(Stage.Post(MessageKind.Pause, behind: "a"), Stage.Post(MessageKind.Pause, behind: "a"));
            stage.Client(new RetryOp { Run = "r", At = Stage.Ms(60) });
            stage.Until(() => stage.Cluster.Clients.All(static client => client.IsIdle));
            stage.Pass(TimeSpan.FromSeconds(3));
            stage.Finish();
            var orders = string.Join(" ", stage.Run().Events.Select(static committed => committed.Event.Kind).Where(static kind => kind is EventKind.RunPaused or EventKind.CancelRequested or EventKind.RunReset));
            lives[orders] = lives.GetValueOrDefault(orders) + 1;
        }
        Assert.True(lives.GetValueOrDefault("CancelRequested RunReset") >= 50, $"inconclusive: {string.Join(", ", lives)}");
    }

    [Fact]
    public void I13_RunReopenedBetweenALookAtItAndAtItsHistory_IsFollowedOn()
    {
        var crossed = 0;
        for (ulong seed = 1; seed <= 200; seed++)
        {
            var stage = new Stage(seed, new HookedPlanner(seed) { Way = static call => call == StoreCall.ReadHistory ? 200 : null });
            stage.Node();
            stage.Client(Stage.Start(Act.Then(Act.Step("a", failing: 1, tries: 1), Act.Step("b"))));
            stage.Client(new RetryOp { Run = "r", At = Stage.Ms(10) });
            var watches = Enumerable.Range(0, 5).Select(i => new WatchOp { Run = "r", At = Stage.Ms(60 + 20 * i) }).ToList();
            foreach (var watch in watches) stage.Client(watch);
            stage.Until(() => stage.Cluster.Clients.All(static client => client.IsIdle));
            stage.Finish();
            foreach (var watch in watches)
            {
                if (!watch.Given.Exists(static e => e.Kind == EventKind.RunReset)) continue;
                crossed++;
                Assert.Equal(EventKind.WorkflowCompleted, watch.Given[^1].Kind);
            }
        }
        Assert.True(crossed > 100, $"inconclusive: {crossed} were told of both lives");
    }
}
