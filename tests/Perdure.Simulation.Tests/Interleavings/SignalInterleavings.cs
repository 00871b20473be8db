namespace Perdure.Simulation.Tests;

/// <summary>Signals that come at the worst moment.</summary>
public sealed class SignalInterleavings
{
    [Fact]
    public void F4_SignalBetweenNothingFoundAndSuspendedStored_IsNeitherLostNorStuck()
    {
        var unread = 0;
        for (ulong seed = 1; seed <= 1_000; seed++)
        {
            var stage = new Stage(seed);
            stage.Node(Stage.Settings with { KeepWarm = TimeSpan.FromMilliseconds(seed % 2) });
            stage.Client(Stage.Start(Act.Then(Act.Step("a"), Act.Wait("go"), Act.Step("b"))));
            stage.Client(Stage.Signal(behind: "a", inProcess: seed % 5 == 0));
            stage.Until(() => stage.IsClosed());
            stage.Finish();
            Assert.Equal(RunStatus.Completed, stage.Status());
            Assert.Single(stage.Events(EventKind.SignalReceived));
            unread += Math.Min(1, stage.Cluster.Tap.Counts.UnreadAtCommit);
        }
        Assert.True(unread >= 200, $"inconclusive: the signal hit the gap {unread} times");
    }

    [Fact]
    public void I21_SignalsByRowAndInProcess_KeepTheirSendersOrder()
    {
        for (ulong seed = 1; seed <= 500; seed++)
        {
            var stage = new Stage(seed);
            stage.Node();
            stage.Client(Stage.Start(Act.Then(Act.Step("a"), Act.Wait("end"))));
            stage.Client(Stage.Signal(behind: "a"), Stage.Signal(inProcess: true), Stage.Signal(), Stage.Signal(inProcess: true));
            stage.Client(Stage.Signal(behind: "a", inProcess: true), Stage.Signal(), Stage.Signal(inProcess: true));
            stage.Until(() => stage.Cluster.Clients.All(static client => client.IsIdle));
            stage.Finish();
            Assert.Equal(8, stage.Events(EventKind.SignalReceived).Count());
        }
    }

    [Theory]
    [InlineData(100, 2.0)]
    [InlineData(30_000, 0.0)]
    public void E7_SignalAtTheInstantOfTheTimer_ExactlyOneWinsAndReplaysTheSame(int keepWarmMs, double spreadMs)
    {
        var wins = new int[2];
        for (ulong seed = 1; seed <= 500; seed++)
        {
            // In half of the worlds nothing takes time, so that both really come at the same instant.
            var stage = new Stage(seed, new HookedPlanner(seed) { SlowestMs = seed % 2 == 0 ? 0 : 0.3 });
            stage.Node(Stage.Settings with { KeepWarm = TimeSpan.FromMilliseconds(keepWarmMs) });
            stage.Client(Stage.Start(Act.Then(Act.Race(Act.Sleep(10_000), Act.Wait("go")), Act.Step("a"))));
            stage.Until(() => stage.Cluster.Tap.Runs.Count > 0 && stage.Events(EventKind.SleepStarted).Any());
            // A run that was given back is claimed at that instant, and finds the signal; so there some come while it is being loaded.
            var due = stage.Events(EventKind.SleepStarted).Single().Due - stage.Cluster.Now + TimeSpan.FromMilliseconds(seed % 10 * spreadMs / 10);
            stage.Client(new PostOp { Run = "r", At = stage.Cluster.World.Now + due.Ticks, Kind = Perdure.Storage.MessageKind.Signal, Name = "go", InProcess = seed % 3 == 0 });
            stage.Until(() => stage.IsClosed());
            // The checks replay the history and compare the result.
            stage.Finish();
            var signalWon = stage.Events(EventKind.SignalReceived).Any(static e => e.Operation >= 0);
            var timerWon = stage.Events(EventKind.SleepCompleted).Any();
            Assert.True(signalWon != timerWon, $"seed {seed}: not exactly one winner");
            wins[signalWon ? 1 : 0]++;
        }
        Assert.True(wins.Min() >= 5, $"inconclusive: the timer won {wins[0]} times, the signal {wins[1]} times");
    }
}
