namespace Perdure.Simulation.Tests;

/// <summary>Processes that end at the worst moment, and a store that is away for a while.</summary>
public sealed class RecoveryStories
{
    [Fact]
    public void C7_CrashDuringAttemptTwo_UsesUpTheNumberAndNotTheBudget()
    {
        for (ulong seed = 1; seed <= 50; seed++)
        {
            var stage = new Stage(seed);
            var first = stage.Node();
            stage.Client(Stage.Start(Act.Step("a", ms: 100, failing: 1, tries: 2)));
            stage.Until(() => stage.Bodies("a").Count == 2);
            stage.Pass(TimeSpan.FromMilliseconds(seed));
            first.Crash();
            stage.Node();
            stage.Until(() => stage.IsClosed());
            stage.Finish();
            Assert.Equal(RunStatus.Completed, stage.Status());
            Assert.Equal([1, 2, 3], stage.Bodies("a").Select(static body => body.Attempt));
            Assert.Equal(1, stage.Cluster.Read(stage.Run().Id)!.Losses);
        }
    }

    [Fact]
    public void M4_ActivityLongerThanTheLeaseWithHeartbeats_IsNeverClaimedAgain()
    {
        for (ulong seed = 1; seed <= 50; seed++)
        {
            var stage = new Stage(seed);
            for (var i = 0; i < 2; i++) stage.Node();
            stage.Client(Stage.Start(Act.Then(Act.Activity("a", 10_000) with { HeartbeatMs = 600 }, Act.Step("b"))));
            stage.Until(() => stage.IsClosed());
            stage.Finish();
            Assert.Single(stage.Bodies("work"));
            Assert.Equal((RunStatus.Completed, 0), (stage.Status(), stage.Cluster.Tap.Counts.Takeovers));
        }
    }

    [Fact]
    public void M8_CrashWhileARunIsResumed_IsRecoveredLikeAnyOther()
    {
        for (ulong seed = 1; seed <= 200; seed++)
        {
            var stage = new Stage(seed);
            var settings = Stage.Settings with { KeepWarm = TimeSpan.Zero };
            stage.Node(settings);
            stage.Client(Stage.Start(Act.Then(Act.Step("a"), Act.Sleep(2_000), Act.Step("b"))));
            // The first claim or birth is term 1; the one behind the timer resumes the run.
            stage.Until(() => stage.Cluster.Tap.Runs.Any(static run => run.Term == 2));
            stage.Pass(TimeSpan.FromMilliseconds(seed % 20 * 0.05));
            stage.Cluster.Nodes[0].Crash();
            stage.Node(settings);
            stage.Until(() => stage.IsClosed());
            stage.Finish();
            Assert.Equal(RunStatus.Completed, stage.Status());
            Assert.True(stage.Run().Takeovers == 1, $"inconclusive: {stage.Run().Takeovers} takeovers with seed {seed}");
            Assert.Single(stage.Bodies("a"));
        }
    }

    [Theory]
    [InlineData(CallFate.Failed)]
    [InlineData(CallFate.LostRequest)]
    [InlineData(CallFate.LostAnswer)]
    internal void M19_StoreErrorsForThreeSecondsDuringACheckpoint_TheStepIsNotRepeated(CallFate fate)
    {
        for (ulong seed = 1; seed <= 50; seed++)
        {
            var planner = new HookedPlanner(seed);
            var stage = new Stage(seed, planner);
            stage.Node(Stage.Settings with { Lease = TimeSpan.FromSeconds(10) });
            stage.Client(Stage.Start(Act.Then(Act.Step("a", 20), Act.Step("b"))));
            stage.Until(() => stage.Bodies("a") is [{ EndOrder: > 0 }]);
            var until = stage.Cluster.World.Now + Stage.Ms(3_000);
            var errors = 0;
            planner.Fate = (_, _) => stage.Cluster.World.Now >= until ? CallFate.Answered : errors++ < 0 ? default : fate;
            stage.Until(() => stage.IsClosed());
            stage.Finish();
            Assert.Equal(RunStatus.Completed, stage.Status());
            Assert.Single(stage.Bodies("a"));
            Assert.True(errors > 0, "inconclusive: no call failed");
        }
    }

    [Fact]
    public void M19_StoreErrorsLongerThanTheLease_TheRunIsRecovered()
    {
        for (ulong seed = 1; seed <= 50; seed++)
        {
            var planner = new HookedPlanner(seed);
            var stage = new Stage(seed, planner);
            var cutOff = stage.Node();
            stage.Client(Stage.Start(Act.Then(Act.Step("a", 20), Act.Step("b"))));
            stage.Until(() => stage.Bodies("a") is [{ EndOrder: > 0 }]);
            var until = stage.Cluster.World.Now + Stage.Ms(3_000);
            // Only the owner cannot reach the store; another worker can.
            planner.Fate = (store, _) => store == cutOff.Store && stage.Cluster.World.Now < until ? CallFate.Failed : CallFate.Answered;
            stage.Node();
            stage.Until(() => stage.IsClosed());
            stage.Pass(TimeSpan.FromSeconds(5));
            stage.Finish();
            Assert.Equal((RunStatus.Completed, 1), (stage.Status(), stage.Run().Takeovers));
            Assert.Equal([1, 2], stage.Bodies("a").Select(static body => body.Attempt));
            Assert.Single(stage.Bodies("a").Select(static body => body.Key).Distinct());
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void N9_CrashBetweenAStartsInsertAndItsReply_TheRepeatedStartFindsTheRun(bool inWorker)
    {
        for (ulong seed = 1; seed <= 100; seed++)
        {
            var planner = new HookedPlanner(seed);
            var stage = new Stage(seed, planner);
            var node = stage.Node();
            var hit = false;
            planner.OnExecuted = (store, call) =>
            {
                if (hit || stage.Cluster.Tap.Runs.Count == 0 || call is not (StoreCall.CommitGroup or StoreCall.StartRuns)) return;
                hit = true;
                if (inWorker) node.Crash();
            };
            // Without a worker in between it is the client's answer that is lost.
            if (!inWorker) planner.Fate = (_, call) => !hit && call == StoreCall.StartRuns ? CallFate.LostAnswer : CallFate.Answered;
            StartOp Keyed() => new() { Run = "r", At = Stage.Ms(5), Program = Act.Step("a"), StartKey = "order-1", InProcess = inWorker };
            stage.Client(Keyed(), Keyed());
            stage.Until(() => hit);
            stage.Node();
            stage.Until(() => stage.IsClosed() && stage.Cluster.Clients.All(static client => client.IsIdle));
            stage.Finish();
            Assert.Single(stage.Cluster.Tap.Runs);
            Assert.Single(stage.Cluster.Tap.Starts.Select(static start => start.RunId).Distinct());
        }
    }

    [Theory]
    [InlineData(0, 1_000)]
    // A worker that has nothing to do looks for work every third of a lease.
    [InlineData(1, 20_000)]
    public void I40_GracefulStop_OthersGoOnWithoutWaitingForTheLease(double hintsLost, int withinMs)
    {
        var settings = Stage.Settings with { Lease = TimeSpan.FromSeconds(60), PollInterval = TimeSpan.FromSeconds(1) };
        for (ulong seed = 1; seed <= 50; seed++)
        {
            var stage = new Stage(seed);
            stage.Cluster.Hints.Lost = hintsLost;
            var first = stage.Node(settings);
            stage.Client(Stage.Start(Act.Then(Act.Step("a"), Act.Step("b", 30_000), Act.Step("c"))));
            stage.Until(() => stage.Bodies("b").Count == 1);
            stage.Node(settings);
            stage.Pass(TimeSpan.FromSeconds(3));
            first.Stop(TimeSpan.FromMilliseconds(100));
            stage.Until(() => first.IsDead);
            var stopped = stage.Cluster.World.Now;
            stage.Until(() => stage.Bodies("b").Count == 2);
            Assert.InRange(stage.Cluster.World.Now - stopped, 0, Stage.Ms(withinMs + 50));
            stage.Finish();
        }
    }

    [Fact]
    public void I40_KilledWorker_CostsALeaseAndAPollAtMost()
    {
        for (ulong seed = 1; seed <= 50; seed++)
        {
            var stage = new Stage(seed);
            stage.Cluster.Hints.Lost = 1;
            var first = stage.Node();
            stage.Client(Stage.Start(Act.Step("a", 30_000)));
            stage.Until(() => stage.Bodies("a").Count == 1);
            stage.Node();
            stage.Pass(TimeSpan.FromSeconds(2) + TimeSpan.FromMilliseconds(seed * 20));
            first.Crash(lands: true);
            var killed = stage.Cluster.World.Now;
            stage.Until(() => stage.Bodies("a").Count == 2);
            // Others look for the dead every third of a lease.
            Assert.InRange(stage.Cluster.World.Now - killed, 0, (Stage.Settings.Lease * 4 / 3 + Stage.Settings.PollInterval).Ticks + Stage.Ms(20));
            stage.Finish();
        }
    }
}
