using Perdure.Storage;

namespace Perdure.Simulation.Tests;

/// <summary>Retention beside others who act on runs that have ended.</summary>
public sealed class RetentionStories
{
    [Fact]
    public void I34_RetentionRacesWithARetry_TheRunGoesWholeOrGoesOn()
    {
        var (reopened, refused) = (0, 0);
        for (ulong seed = 1; seed <= 300; seed++)
        {
            var stage = new Stage(seed, new HookedPlanner(seed) { SlowestMs = 20 });
            // Of two workers one has the turn; it looks all the time.
            var retention = new RetentionPolicy { Failed = TimeSpan.FromMilliseconds(80 + seed), Interval = TimeSpan.FromMilliseconds(20) };
            for (var i = 0; i < 2; i++) stage.Node(Stage.Settings with { Retention = retention });
            stage.Client(Stage.Start(Act.Then(Act.Step("a", failing: 1, tries: 1), Act.Step("b"))));
            var retry = new RetryOp { Run = "r", At = Stage.Ms(10), PatienceMs = 1_000 };
            stage.Client(retry);
            stage.Until(() => stage.Cluster.Clients.All(static client => client.IsIdle));

            if (retry.Outcome.Verdict == PostVerdict.Accepted && retry.Message is not null)
            {
                reopened++;
                stage.Finish();
                Assert.Equal(RunStatus.Completed, stage.Status());
                Assert.Single(stage.Bodies("b"));
                continue;
            }
            // The run was gone before the order came, and all of it is.
            if (retry.Message is not null)
            {
                refused++;
                Assert.Equal(PostVerdict.NotFound, retry.Outcome.Verdict);
            }
            Assert.Null(stage.Cluster.Data.Runs.Find(stage.Run().Key));
            Assert.Empty(stage.Bodies("b"));
        }
        Assert.True(reopened > 50 && refused > 5, $"inconclusive: {reopened} runs were reopened, {refused} were gone when the order came");
    }

    [Fact]
    public void I34_RetentionOfAStoreWithFaults_TakesEveryOldRunAndNoLiveOne()
    {
        for (ulong seed = 1; seed <= 50; seed++)
        {
            var faults = new SimRandom(seed + 1_000);
            var planner = new HookedPlanner(seed)
            {
                Fate = (_, call) => call is StoreCall.PurgeRuns or StoreCall.TakeTurn && faults.Chance(0.3) ? faults.Pick(CallFate.Failed, CallFate.LostRequest, CallFate.LostAnswer, CallFate.Late) : CallFate.Answered,
            };
            var stage = new Stage(seed, planner);
            var retention = new RetentionPolicy { Completed = TimeSpan.FromMilliseconds(500), Interval = TimeSpan.FromMilliseconds(200), BatchSize = 2 };
            for (var i = 0; i < 2; i++) stage.Node(Stage.Settings with { Retention = retention });
            for (var i = 0; i < 7; i++) stage.Client(Stage.Start(Act.Step("a"), "r" + i));
            stage.Client(Stage.Start(Act.Then(Act.Sleep(20_000), Act.Step("b")), "sleeper"));
            stage.Until(() => stage.Cluster.Tap.Runs.Count == 8 && stage.Cluster.Data.Runs.All.Count == 1);
            Assert.Equal("sleeper", stage.Cluster.Tap.Starts.Single(start => stage.Cluster.Data.Runs.Find(start.RunId) is not null).Run);
        }
    }
}
