using Perdure.Storage;

namespace Perdure.Simulation.Tests;

/// <summary>Runs that end while there are messages which they have not read.</summary>
public sealed class InboxStories
{
    [Fact]
    public void I36_EndThatHasToWaitForAMessage_IsTriedAgainWhenThatHasBeenRead()
    {
        var waited = 0;
        for (ulong seed = 1; seed <= 100; seed++)
        {
            var planner = new HookedPlanner(seed);
            var stage = new Stage(seed, planner);
            stage.Node(Stage.Settings with { Lease = TimeSpan.FromSeconds(10) });
            var (isSilent, commits) = (false, 0);
            // The inbox cannot be read for as long as the store may take to answer.
            planner.Fate = (_, call) =>
            {
                if (isSilent || call != StoreCall.ReadMessages || stage.Bodies("a") is not [{ EndOrder: > 0 }]) return CallFate.Answered;
                isSilent = true;
                return CallFate.Silent;
            };
            planner.OnExecuted = (_, call) =>
            {
                if (call == StoreCall.CommitGroup && stage.Bodies("a") is [{ EndOrder: > 0 }]) commits++;
            };
            stage.Client(Stage.Start(Act.Step("a", 20)));
            stage.Client(Stage.Signal(behind: "a"));
            stage.Until(() => stage.IsClosed());
            stage.Finish();
            if (commits > 1) waited++;
            Assert.True(commits <= 4, $"seed {seed}: {commits} commits for one end");
        }
        Assert.True(waited >= 20, $"inconclusive: {waited} ends had to wait");
    }

    [Fact]
    public void I21_SignalsOfARunWhoseEventsTheStoreRefused_KeepTheirOrderInTheNextLife()
    {
        var crossed = 0;
        for (ulong seed = 1; seed <= 200; seed++)
        {
            var stage = new Stage(seed);
            stage.Cluster.Poison.Add("r");
            // Nobody looks for a while, so whoever takes the run finds the first signal together with the order to end.
            stage.Cluster.Hints.Lost = 1;
            stage.Client(Stage.Start(Act.Then(Act.Wait("go"), Act.Wait("go"), Act.Step("a"))));
            stage.Until(() => stage.Cluster.Tap.Runs.Count == 1);
            var sender = stage.Cluster.AddClient();
            sender.Do(Stage.Signal(), Stage.Post(MessageKind.Terminate));
            stage.Until(() => sender.IsIdle);
            stage.Node();
            stage.Until(() => stage.Cluster.Poison.Refusals > 0);
            // The store is cured while the end is being written, and another signal comes.
            stage.Cluster.Poison.Clear();
            sender.Do(new PostOp { Run = "r", At = stage.Cluster.World.Now + Stage.Ms(seed % 30 * 0.1), Kind = MessageKind.Signal, Name = "go" });
            stage.Until(() => stage.IsClosed() && sender.IsIdle);
            if (stage.Cluster.Data.Runs.Find(stage.Run().Key)!.Inbox.All().Count == 2) crossed++;
            stage.Client(new RetryOp { Run = "r" });
            stage.Finish();
        }
        Assert.True(crossed > 20, $"inconclusive: a signal came while the end was being written in {crossed} worlds only");
    }
}
