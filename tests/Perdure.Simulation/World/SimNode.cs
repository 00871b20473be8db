using Microsoft.Extensions.Logging;
using Perdure.Authoring;
using Perdure.Client;
using Perdure.Hosting;
using Perdure.Runtime;
using Perdure.Schedules;
using Perdure.Storage;
using Perdure.Worker;

namespace Perdure.Simulation;

/// <summary>One worker process: the real engine with simulated ports.</summary>
internal sealed class SimNode
{
    private readonly World _world;
    private readonly SimContext _context;
    private readonly JournalSubmissions _submissions;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Rounds? _rounds;
    private readonly StoreTap _tap;
    private int _sideEffects;

    public SimNode(Cluster cluster, string name, WorkerSettings settings, TimeSpan offset, double rate, IReadOnlyList<int> versions, string[]? builds, Rounds? rounds = null)
    {
        (_world, _tap, _rounds, Defect) = (cluster.World, cluster.Tap, rounds, cluster.Defect);
        Name = name;
        _context = new SimContext(_world, name);
        Time = new SimTime(_world, _context) { Offset = offset, Rate = rate };
        Store = cluster.OpenStore(_context, name);
        (Store.Clock, Store.RunLimits) = (Time, settings.RunLimits);
        var entropy = new SimEntropy(_world.Random.Fork(name));
        var workflows = new WorkflowRegistry();
        var activities = new ActivityRegistry();
        new Interpreter(cluster.Effects, this).Register(workflows, activities, versions, builds is [var own, .. var others] ? new(own, others) : null);
        var logger = new SimLogger(_world, name);
        Parts = new WorkerParts
        {
            Store = Store, Clock = Time, Entropy = entropy, Scheduler = new SimScheduler(_world, _context), Workflows = workflows, Activities = activities,
            Kit = new RuntimeKit(PayloadCodec.Default, activities, null, entropy.NextJitter, logger), Log = new EngineLog(logger),
            Settings = settings with { Name = name, RunQueues = [.. settings.RunQueues, ScheduleWorkflow.Queue] },
        };
        Worker = new WorkerNode(Parts);
        _submissions = new JournalSubmissions(Worker, Parts, new StoreSubmissions(Store, new KeyBlocks(Store, Worker.StoreClock), Time));
    }

    public string Name { get; }

    /// <summary>The bug that is planted; null for none.</summary>
    public Defect? Defect { get; }

    public SimTime Time { get; }

    public SimStore Store { get; }

    public WorkerParts Parts { get; }

    public WorkerNode Worker { get; }

    public bool IsDead => _context.IsDead;

    public bool IsPaused => _context.IsPaused;

    /// <summary>It is stopping gracefully, or has stopped.</summary>
    public bool IsStopping { get; private set; }

    /// <summary>The last instant at which it woke from a pause, or -1.</summary>
    public long ResumedAt { get; private set; } = -1;

    public bool WasPaused => ResumedAt >= 0 || IsPaused;

    public bool IsUp => !IsDead && !IsPaused && !IsStopping;

    /// <summary>Whether it works only when it is called, and has no worker of its own.</summary>
    public bool IsPumped => _rounds is not null;

    /// <summary>How often it was called.</summary>
    public int Rounds { get; private set; }

    public int NextSideEffect() => ++_sideEffects;

    public void Start()
    {
        _world.Trace.Add(Name, "starts");
        if (IsPumped) _context.Post(_ => PumpAsync(), null);
        else _context.Post(_ => Worker.Start(), null);
    }

    /// <summary>Ends the process at once. <paramref name="lands"/>: whether calls under way still reach the store; null lets a coin decide for each.</summary>
    public void Crash(bool? lands = null)
    {
        if (IsDead) return;
        _world.Trace.Add(Name, "crashes");
        _context.Crash();
        Store.Crash(lands);
    }

    public void Pause()
    {
        if (IsDead || IsPaused) return;
        _world.Trace.Add(Name, "is frozen");
        _context.Pause();
    }

    public void Resume()
    {
        if (IsDead || !IsPaused) return;
        _world.Trace.Add(Name, "wakes up");
        ResumedAt = _world.Now;
        _context.Resume();
    }

    /// <summary>Stops gracefully; the process is gone when it has stopped.</summary>
    public void Stop(TimeSpan grace)
    {
        if (IsStopping) return;
        IsStopping = true;
        _world.Trace.Add(Name, "is asked to stop");
        _context.Post(_ => StopAsync(grace), null);
    }

    /// <summary>Submits from inside the process, as the application's own code does. False: the process is gone before it can.</summary>
    public void Submit(Func<ISubmissions, Task> submit) => _context.Post(_ => submit(_submissions), null);

    /// <summary>Somebody calls it again and again. Its worker is another one each time.</summary>
    private async void PumpAsync()
    {
        for (; !IsStopping; Rounds++)
        {
            var run = _rounds!.OneRun && Rounds % 2 == 1 ? _tap.Runs.LastOrDefault(static run => run.ClosedOrder == 0)?.Id : null;
            _world.Trace.Add(Name, run is null ? "is called to work" : "is called to drive a run", run ?? "");
            try
            {
                await new WorkRound(Parts).RunAsync(run, _rounds.Budget, _stopping.Token);
            }
            catch (Exception e) when (e is StoreException or OperationCanceledException)
            {
                // Whoever called tries again, or has enough.
            }
            if (!IsStopping) await Task.Delay(_rounds.Every, Time);
        }
        _world.Trace.Add(Name, "is called no more");
        _context.Crash();
        Store.Crash();
    }

    private async void StopAsync(TimeSpan grace)
    {
        if (IsPumped)
        {
            _stopping.Cancel();
            return;
        }
        Store.IsStopping = true;
        await Worker.StopAsync(grace);
        _world.Trace.Add(Name, "has stopped");
        _context.Crash();
        Store.Crash();
    }
}
