namespace Perdure.Simulation.Tests;

/// <summary>Many timers, and clocks that are wrong.</summary>
public sealed class TimerStories
{
    [Fact]
    public void E6_TenThousandTimersInOneSecondOnThreeWorkers_EachFiresOnceAndOrdinaryWorkGoesOn()
    {
        const int Runs = 1_000, TimersPerRun = 10, DueMs = 30_000;
        var stage = new Stage(seed: 1);
        for (var i = 0; i < 3; i++) stage.Node(Stage.Settings with { Lease = TimeSpan.FromSeconds(10), KeepWarm = TimeSpan.Zero });
        var sleepers = Act.All([.. Enumerable.Range(0, TimersPerRun).Select(static _ => Act.Sleep(DueMs))]);
        for (var client = 0; client < 10; client++)
            stage.Client([.. Enumerable.Range(0, Runs / 10).Select(i => Stage.Start(sleepers, $"r{client * 100 + i}"))]);
        for (var i = 0; i < 5; i++)
            stage.Client(new StartOp { Run = $"w{i}", At = Stage.Ms(DueMs + 100), Program = Act.Then(Act.Step($"x{i}"), Act.Step($"y{i}"), Act.Step($"z{i}")) });

        stage.Pass(TimeSpan.FromSeconds(60));
        stage.Finish();
        var fired = stage.Cluster.Tap.Runs.SelectMany(static run => run.Events).Where(static committed => committed.Event.Kind == EventKind.SleepCompleted).ToList();
        Assert.Equal(Runs * TimersPerRun, fired.Count);
        // An operation with two ends, and a timer that fires early, are violations by themselves (I-15, I-24).
        var due = stage.Cluster.Tap.Runs.SelectMany(static run => run.Events).Where(static committed => committed.Event.Kind == EventKind.SleepStarted).Select(static committed => committed.Event.Due).ToList();
        Assert.True(due.Max() - due.Min() < TimeSpan.FromSeconds(1), $"inconclusive: due within {due.Max() - due.Min()}");
        Assert.True(stage.Cluster.Tap.Runs.Select(static run => run.Worker).Distinct().Count() == 3, "inconclusive: not all workers took part");
        var ordinary = Enumerable.Range(0, 5).Select(i => stage.Bodies($"z{i}").Single()).Max(static body => body.At);
        Assert.True(ordinary < Stage.Ms(DueMs + 2_000), $"ordinary work went on at {TimeSpan.FromTicks(ordinary)} only");
    }

    [Theory]
    [InlineData(10)]
    [InlineData(-10)]
    public void E9_WorkerClockTenMinutesWrong_TimersFollowTheStoresClock(int minutes)
    {
        foreach (var keepWarm in new[] { TimeSpan.Zero, TimeSpan.FromMinutes(5) })
        {
            var stage = new Stage(seed: 1);
            stage.Node(Stage.Settings with { KeepWarm = keepWarm }, TimeSpan.FromMinutes(minutes));
            stage.Client(Stage.Start(Act.Then(Act.Sleep(60_000), Act.Step("a"))));
            stage.Until(() => stage.IsClosed(), seconds: 120);
            stage.Finish();
            var due = stage.Events(EventKind.SleepStarted).Single().Due;
            var fired = stage.Run().Events.Single(static committed => committed.Event.Kind == EventKind.SleepCompleted).StoreNow;
            Assert.InRange(fired - due, TimeSpan.Zero, TimeSpan.FromMilliseconds(250));
        }
    }

    [Theory]
    [InlineData(10)]
    [InlineData(-10)]
    public void M6_WorkerClockTenMinutesWrong_NothingIsReclaimedEarlyOrNever(int minutes)
    {
        var stage = new Stage(seed: 1);
        var wrong = stage.Node(Stage.Settings, TimeSpan.FromMinutes(minutes));
        stage.Client(Stage.Start(Act.Then(Act.Step("a", 8_000), Act.Step("b", 20_000))));
        stage.Until(() => stage.Cluster.Effects.All.Count == 1);
        stage.Node(Stage.Settings, TimeSpan.FromMinutes(-minutes));
        stage.Until(() => stage.Bodies("b").Count == 1);
        Assert.Equal((1, 0), (stage.Bodies("a").Count, stage.Cluster.Tap.Counts.Takeovers));

        // And when it dies its lease ends all the same.
        wrong.Crash();
        var crashed = stage.Cluster.World.Now;
        stage.Until(() => stage.Bodies("b").Count == 2);
        Assert.True(stage.Cluster.World.Now - crashed <= (Stage.Settings.Lease + Stage.Settings.PollInterval + Stage.Settings.Lease).Ticks);
        stage.Finish();
    }

    [Fact]
    public void I24_WorkerWhoseClockRunsFast_RetriesAnActivityWhenTheStoreSaysThatItIsTime()
    {
        var refused = 0;
        for (ulong seed = 1; seed <= 300; seed++)
        {
            // A retry falls due while a slow commit of its run is under way, and goes with the next one, which is fast.
            var commits = 0;
            var stage = new Stage(seed, new HookedPlanner(seed) { Way = call => call == StoreCall.CommitGroup ? commits++ % 2 == 0 ? 60 : 0.1 : null });
            stage.Cluster.StartNode(Stage.Settings with { Lease = TimeSpan.FromSeconds(10), PollInterval = TimeSpan.FromSeconds(10) }, rate: 1.2);
            stage.Client(Stage.Start(Act.All(Act.Activity("a", 2, failing: 3, tries: 4) with { RetryMs = 20 }, Act.Then([.. Enumerable.Range(0, 10).Select(static i => Act.Step($"s{i}", 3))]))));
            stage.Until(() => stage.IsClosed());
            stage.Finish();
            refused += stage.Cluster.Tap.Counts.RefusedBundles;
        }
        Assert.True(refused > 20, $"inconclusive: the store had the last word {refused} times only");
    }
}
