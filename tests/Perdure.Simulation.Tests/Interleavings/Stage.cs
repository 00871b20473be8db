using Perdure.Storage;
using Perdure.Worker;

namespace Perdure.Simulation.Tests;

/// <summary>A small world for one story: nodes, clients, and a store that takes its time. Every seed orders it differently.</summary>
internal sealed class Stage
{
    private readonly ulong _seed;

    public Stage(ulong seed, ICallPlanner? planner = null)
    {
        _seed = seed;
        Cluster = new Cluster(seed, planner ?? new CalmPlanner(new SimRandom(seed)));
    }

    public static WorkerSettings Settings { get; } = new()
    {
        Lease = TimeSpan.FromSeconds(1), PollInterval = TimeSpan.FromMilliseconds(200), StoreTimeout = TimeSpan.FromSeconds(1), KeepWarm = TimeSpan.FromMilliseconds(500),
    };

    public Cluster Cluster { get; }

    public SimNode Node(WorkerSettings? settings = null, TimeSpan offset = default) => Cluster.StartNode(settings ?? Settings, offset);

    public void Client(params ReadOnlySpan<ClientOp> operations) => Cluster.AddClient().Do(operations);

    public static StartOp Start(Act program, string run = "r", bool inProcess = false) => new() { Run = run, At = Ms(5), Program = program, InProcess = inProcess };

    public static PostOp Signal(string name = "go", bool inProcess = false, string? behind = null, int atMs = 0) => Post(MessageKind.Signal, name, inProcess, behind, atMs);

    public static PostOp Post(MessageKind kind, string name = "", bool inProcess = false, string? behind = null, int atMs = 0) => new()
    {
        Run = "r", At = Ms(atMs), Kind = kind, Name = name, InProcess = inProcess, Behind = behind is null ? null : effect => effect.Step == behind,
    };

    public static long Ms(double ms) => (long)(ms * TimeSpan.TicksPerMillisecond);

    /// <summary>The run of a start.</summary>
    public RunLedger Run(string name = "r") => Cluster.Tap.Find(Cluster.Tap.FindStart(name)!.RunId)!;

    public IEnumerable<EventRecord> Events(EventKind kind, string run = "r") => Run(run).Events.Select(static committed => committed.Event).Where(e => e.Kind == kind);

    /// <summary>Bodies of a step, in the order in which they began.</summary>
    public List<Effect> Bodies(string step) => [.. Cluster.Effects.All.Where(effect => effect.Step == step)];

    /// <summary>Lets the world go on until something is so.</summary>
    public void Until(Func<bool> isSo, int seconds = 60)
    {
        var came = Cluster.World.Run(isSo, Cluster.World.Now + TimeSpan.FromSeconds(seconds).Ticks);
        Assert.True(Cluster.World.Violation is null, $"seed {_seed}: {Cluster.World.Violation}");
        Assert.True(came, $"seed {_seed}: it did not come to that within {seconds} s");
    }

    public void Pass(TimeSpan time)
    {
        Cluster.World.Run(static () => false, Cluster.World.Now + time.Ticks);
        Assert.True(Cluster.World.Violation is null, $"seed {_seed}: {Cluster.World.Violation}");
    }

    /// <summary>Brings everything to its end and checks all that must hold.</summary>
    public void Finish()
    {
        new Drain(Cluster, Cluster.AddClient(), TimeSpan.FromSeconds(60)).Run();
        if (Cluster.World.Violation is null) Checker.Check(Cluster);
        Assert.True(Cluster.World.Violation is null, $"seed {_seed}: {Cluster.World.Violation}");
    }

    public RunStatus Status(string run = "r") => Cluster.Read(Run(run).Id)!.Status;

    public bool IsClosed(string run = "r") => Cluster.Tap.FindStart(run) is { Birth: not null } start && Cluster.Tap.Find(start.RunId) is { ClosedOrder: > 0 };
}
