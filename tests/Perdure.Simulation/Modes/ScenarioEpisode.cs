using Perdure.Storage;
using Perdure.Worker;

namespace Perdure.Simulation;

/// <summary>One telling of a scenario, with a blow at one point or without.</summary>
internal sealed class ScenarioEpisode
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan FrozenFor = Lease * 2.5;

    private readonly Scenario _scenario;
    private readonly CrashPoint? _point;
    private readonly SweepPlanner _planner;
    private readonly Cluster _cluster;
    private readonly WorkerSettings _settings;
    private long _thaw;
    private int _replaced;

    private ScenarioEpisode(Scenario scenario, CrashPoint? point, Defect? defect, bool verbose)
    {
        (_scenario, _point) = (scenario, point);
        var random = new SimRandom(4711);
        _planner = new SweepPlanner(random.Fork("calls"), point, Strike, FrozenFor);
        _cluster = new Cluster(random.NextUInt64(), _planner, defect, verbose);
        _settings = new WorkerSettings
        {
            Lease = Lease, PollInterval = TimeSpan.FromMilliseconds(200), StoreTimeout = TimeSpan.FromSeconds(1), KeepWarm = TimeSpan.FromMilliseconds(500),
        };
    }

    /// <summary>What came of it, and which calls each process made until its story was told.</summary>
    public sealed record Outcome(Violation? Violation, StoreCall? Struck, ulong Hash, IReadOnlyDictionary<string, StoreCall[]> Calls, TapCounts Counts, IReadOnlyList<TraceLine> Lines);

    public static Outcome Tell(Scenario scenario, CrashPoint? point = null, Defect? defect = null, bool verbose = false) =>
        new ScenarioEpisode(scenario, point, defect, verbose).Tell();

    private Outcome Tell()
    {
        var world = _cluster.World;
        foreach (var name in _scenario.Poisoned) _cluster.Poison.Add(name);
        world.After(TimeSpan.TicksPerSecond, _cluster.Poison.Clear);
        var first = _cluster.StartNode(_scenario.Settings(_settings), versions: _scenario.Builds?.First, builds: _scenario.Pins is { } pins ? [pins.First] : null, rounds: _scenario.Rounds);
        if (_scenario.Second is { } second) _cluster.StartNode(second(_settings), versions: _scenario.Builds?.Second, builds: _scenario.Pins is { } names ? [names.Second] : null);
        if (_scenario.StopAtMs > 0) world.After(_scenario.StopAtMs * TimeSpan.TicksPerMillisecond, () => first.Stop(TimeSpan.FromMilliseconds(20)));
        if (_scenario.Revives) Revive();
        foreach (var operations in _scenario.Clients()) _cluster.AddClient().Do(operations);

        var told = world.Run(IsTold, TimeSpan.FromSeconds(6).Ticks);
        var calls = _planner.Calls.ToDictionary(static process => process.Key, static process => process.Value.ToArray());
        if (world.Violation is null && _point is null && !told && _scenario.Poisoned.Length == 0) world.Fail("simulator", $"The scenario does not come to its end by itself.");
        if (world.Violation is null) new Drain(_cluster, _cluster.AddClient(), TimeSpan.FromSeconds(25) + PerdureDefaults.TimeoutGrace).Run();
        // Whoever was frozen wakes up and finds that the world has gone on.
        if (world.Violation is null) world.Run(static () => false, _thaw + TimeSpan.TicksPerSecond);
        if (world.Violation is null) Checker.Check(_cluster);
        Checker.LookForCause(_cluster);
        if (world.Violation is null && _point is null && _cluster.Tap.FindStart("r") is { } start && _cluster.Read(start.RunId) is { } row && row.Status != _scenario.Expected)
            world.Fail("simulator", $"The scenario ended as {row.Status} instead of {_scenario.Expected}.");
        return new Outcome(world.Violation, _planner.Struck, world.Trace.Hash, calls, _cluster.Tap.Counts, world.Trace.Lines);
    }

    private bool IsTold() => _cluster.Clients.All(static client => client.IsIdle) && _cluster.Tap.Runs.Count > 0 && _cluster.Tap.Runs.All(static run => run.ClosedOrder > 0);

    /// <summary>Somebody looks again and again whether a process has died of its work.</summary>
    private void Revive()
    {
        for (var dead = _cluster.Nodes.Count(static node => node.IsDead); _replaced < dead; _replaced++) _cluster.StartNode(_settings);
        _cluster.World.After(TimeSpan.TicksPerSecond / 20, Revive);
    }

    private void Strike(Blow blow)
    {
        var node = _cluster.Nodes.First(node => node.Name == _point!.Target);
        if (blow == Blow.Crash)
        {
            node.Crash();
            _replaced++;
        }
        else
        {
            node.Pause();
            _thaw = _cluster.World.Now + FrozenFor.Ticks;
            _cluster.World.Schedule(_thaw, node.Resume);
        }
        // Somebody is there to go on, with everything that the first worker served.
        _cluster.World.After(TimeSpan.TicksPerSecond / 20, () => _cluster.StartNode(_settings with { ResumeFittingRuns = _scenario.Builds is not null || _scenario.Pins is not null }, versions: _scenario.Builds is var (one, other) ? [.. one.Union(other)] : null,
            builds: _scenario.Pins is { } pins ? [pins.First, pins.Second] : null));
    }
}
