using Perdure.Storage;
using Perdure.Storage.Memory;
using Perdure.Worker;

namespace Perdure.Simulation;

/// <summary>A world with a store, worker processes and clients.</summary>
internal sealed class Cluster
{
    private readonly List<SimNode> _nodes = [];
    private readonly List<SimClient> _clients = [];
    private readonly ICallPlanner _planner;
    private int _started;
    private Instant _shown = Instant.Earliest;

    public Cluster(ulong seed, ICallPlanner planner, Defect? defect = null, bool verbose = false)
    {
        World = new World(seed);
        World.Trace.IsVerbose = verbose;
        (_planner, Defect) = (planner, defect);
        StoreTime = new SimTime(World, null);
        Data = new MemoryStore(StoreTime);
        Hints = new Hints(World);
        Effects = new EffectsJournal(World, () => StoreHigh);
        Tap = new StoreTap(World, Data);
    }

    public World World { get; }

    /// <summary>The bug that is planted; null for none.</summary>
    public Defect? Defect { get; }

    public SimTime StoreTime { get; }

    public MemoryStore Data { get; }

    public Hints Hints { get; }

    public Poison Poison { get; } = new();

    public EffectsJournal Effects { get; }

    public StoreTap Tap { get; }

    public IReadOnlyList<SimNode> Nodes => _nodes;

    public IReadOnlyList<SimClient> Clients => _clients;

    /// <summary>How far the store's clock has been put back in all.</summary>
    public TimeSpan PutBack { get; private set; }

    /// <summary>Whether the store's clock was ever put forward, which takes time away from leases.</summary>
    public bool WasPutForward { get; private set; }

    public int ClockSteps { get; private set; }

    /// <summary>Whether processes differ in the versions that they have code for, so that a run may be blocked until somebody has its.</summary>
    public bool HasBuilds { get; init; }

    /// <summary>Whether they are builds besides, to which runs may be pinned.</summary>
    public bool HasPins { get; init; }

    /// <summary>Whether an operator has paused somebody who is alive.</summary>
    public bool HasPausedWorker => Data.Workers.All.Any(static worker => worker is { Alive: true, Pause: not null });

    /// <summary>The latest instant that the store's clock has ever shown.</summary>
    public Instant StoreHigh => Instant.Max(_shown, Now);

    public Instant Now => Instant.From(StoreTime.GetUtcNow());

    /// <summary>Starts a worker process. A new process never has the identity of an old one, whatever it is called.</summary>
    public SimNode StartNode(WorkerSettings settings, TimeSpan offset = default, double rate = 1, IReadOnlyList<int>? versions = null, string[]? builds = null, Rounds? rounds = null)
    {
        var node = new SimNode(this, $"n{++_started}", settings, offset, rate, versions ?? [1], builds, rounds);
        _nodes.Add(node);
        node.Start();
        return node;
    }

    public SimClient AddClient()
    {
        var client = new SimClient(this, $"c{_clients.Count + 1}");
        _clients.Add(client);
        return client;
    }

    public SimStore OpenStore(SimContext home, string owner) => new(World, home, Data, Tap, _planner, Hints, Poison, StoreTime, owner, Defect);

    /// <summary>Somebody corrects the store's clock.</summary>
    public void StepClock(TimeSpan by)
    {
        World.Trace.Note("store", $"its clock steps by {by}");
        _shown = StoreHigh;
        StoreTime.Offset += by;
        ClockSteps++;
        if (by < TimeSpan.Zero) PutBack -= by;
        else WasPutForward = true;
    }

    public RunRecord? Read(string id) => Data.ReadRunAsync(new RunSelector(Id: id), default).Result;
}
