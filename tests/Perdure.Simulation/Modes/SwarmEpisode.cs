using Perdure.Formats;
using Perdure.Schedules;
using Perdure.Storage;
using Perdure.Worker;

namespace Perdure.Simulation;

/// <summary>One random world: a storm of faults while clients work, then calm, then the check.</summary>
internal sealed class SwarmEpisode
{
    private readonly SwarmConfig _config;
    private readonly Cluster _cluster;
    private readonly StormPlanner _planner;
    private readonly SimRandom _fates;
    private readonly SimRandom _work;
    private readonly SimRandom _extras;
    private readonly SimRandom _mixed;
    private SimClient? _operator;
    private SimClient? _foreman;
    private bool _isCalm;
    private readonly bool _hasPumps;
    private int _crashes;
    private int _crashesInBody;
    private int _pauses;
    private int _stops;

    private SwarmEpisode(SwarmConfig config, Defect? defect, bool verbose)
    {
        _config = config;
        var random = new SimRandom(config.Seed);
        _planner = new StormPlanner(random.Fork("calls"), config.Storm);
        _fates = random.Fork("fates");
        _work = random.Fork("work");
        _mixed = new SimRandom(config.Seed ^ 0xB111D5);
        var hasBuilds = _mixed.Chance(0.15);
        _cluster = new Cluster(random.NextUInt64(), _planner, defect, verbose) { HasBuilds = hasBuilds, HasPins = hasBuilds && _mixed.Chance(0.5) };
        _extras = random.Fork("extras");
        // In some worlds processes work only when they are called.
        _hasPumps = _extras.Chance(0.1);
        _cluster.World.IsOrderly = config.IsOrderly;
        (_cluster.Hints.Lost, _cluster.Hints.Doubled, _cluster.Hints.LongestDelayMs) = (config.HintsLost, config.HintsDoubled, config.HintDelayMs);
    }

    public static EpisodeResult Run(ulong seed, Defect? defect = null, bool verbose = false) => new SwarmEpisode(SwarmConfig.Draw(seed), defect, verbose).Run();

    private EpisodeResult Run()
    {
        for (var i = 0; i < _config.Nodes; i++) StartNode();
        Plan(_config.ClockSteps, static () => true, () => _cluster.StepClock(_config.LongestStep * (_fates.NextDouble() * 2 - 1)));
        GiveWork();
        var world = _cluster.World;
        world.Run(static () => false, _config.StormTime.Ticks);
        if (world.Violation is null) Calm();
        if (world.Violation is null) new Drain(_cluster, _cluster.AddClient(), Bound()).Run();
        if (world.Violation is null) Checker.Check(_cluster);
        Checker.LookForCause(_cluster);
        return Result();
    }

    private void StartNode()
    {
        var rounds = _hasPumps && _extras.Chance(0.5)
            ? new Rounds(TimeSpan.FromMilliseconds(_extras.Pick(300, 2000, 10_000)), TimeSpan.FromMilliseconds(_extras.Pick(200, 1000)), OneRun: _extras.Chance(0.3)) : null;
        var node = _cluster.StartNode(Settings, TimeSpan.FromSeconds(_fates.Between(-100_000, 100_000)), 1 + (_fates.NextDouble() * 2 - 1) * _config.Drift, _cluster.HasBuilds ? _mixed.Pick<int[]>([1], [2], [1, 2]) : null, _cluster.HasPins ? _mixed.Pick<string[]>(["b1"], ["b2"], ["b2", "b1"]) : null, rounds);
        Plan(_config.Crashes, () => node.IsUp, () => Crash(node));
        Plan(_config.Pauses, () => node.IsUp, () => Pause(node));
        Plan(_config.Stops, () => node.IsUp, () => Stop(node));
    }

    /// <summary>Where builds differ, what nobody has code for is blocked, and goes on with a build that has it.</summary>
    private WorkerSettings Settings => _config.Worker with { ResumeFittingRuns = _cluster.HasBuilds };

    /// <summary>Something that happens to a process again and again, as long as the storm lasts.</summary>
    private void Plan(TimeSpan mean, Func<bool> isAlive, Action act)
    {
        if (mean == TimeSpan.Zero) return;
        _cluster.World.After((long)(mean.Ticks * (0.1 + 1.8 * _fates.NextDouble())), () =>
        {
            if (_isCalm || !isAlive()) return;
            act();
            if (isAlive()) Plan(mean, isAlive, act);
        });
    }

    private void Crash(SimNode node)
    {
        _crashes++;
        if (_cluster.Effects.All.Any(effect => effect.Node == node && effect.EndOrder == 0)) _crashesInBody++;
        node.Crash();
        Restart();
    }

    private void Pause(SimNode node)
    {
        _pauses++;
        node.Pause();
        var lease = _config.Worker.Lease.TotalMilliseconds;
        _cluster.World.After(_fates.Ticks(0, lease * _fates.Pick(0.5, 2, 3)), () =>
        {
            node.Resume();
            Plan(_config.Pauses, () => node.IsUp, () => Pause(node));
            Plan(_config.Crashes, () => node.IsUp, () => Crash(node));
        });
    }

    private void Stop(SimNode node)
    {
        _stops++;
        node.Stop(TimeSpan.FromMilliseconds(_fates.Pick(0, 100, 3000)));
        Restart();
    }

    private void Restart() => _cluster.World.After(_fates.Ticks(0, _config.Worker.Lease.TotalMilliseconds * _fates.Pick(0.2, 1.5)), () =>
    {
        if (!_isCalm) StartNode();
    });

    private void GiveWork()
    {
        var programs = new Programs(_work);
        for (var i = 0; i < _config.Clients; i++) _cluster.AddClient();
        for (var i = 0; i < _config.Runs; i++)
        {
            var client = _cluster.Clients[_work.Next(_config.Clients)];
            var at = At(0.5);
            var keyed = _work.Chance(0.3);
            var start = new StartOp
            {
                At = at, Run = $"r{i}", Program = programs.Draw(), InProcess = _work.Chance(0.5), StartKey = keyed ? $"key{i}" : null,
                ChosenId = !keyed && _work.Chance(0.2) ? $"id{i}" : null, DelayMs = _work.Pick(0, 0, 0, 500), Attempts = _work.Pick(1, 1, 3),
                RunTimeoutMs = _work.Pick(0, 0, 0, 0, 3000), MaxCrashes = _config.MaxCrashes,
                Signal = keyed && _work.Chance(0.3) ? _work.Pick("go", "stop") : null, ConcurrencyKey = i % 3 == 0 ? null : $"c{i % 2}", Version = _cluster.HasBuilds ? 1 + i % 2 : 1,
                Build = _cluster.HasPins && i % 3 != 0 ? $"b{1 + i / 3 % 2}" : null,
            };
            client.Do(start);
            if (keyed)
                _cluster.Clients[_work.Next(_config.Clients)].Do(new StartOp
                {
                    At = At(0.5), Run = $"r{i}", Program = start.Program, InProcess = _work.Chance(0.5), StartKey = start.StartKey, Attempts = start.Attempts,
                    RunTimeoutMs = start.RunTimeoutMs, MaxCrashes = start.MaxCrashes, Signal = start.Signal, ConcurrencyKey = start.ConcurrencyKey, Version = start.Version, Build = start.Build,
                });
        }
        for (var i = 0; i < _config.Poisoned; i++) _cluster.Poison.Add($"r{_work.Next(_config.Runs)}");
        var ends = _work.Fork("waits that are ended");
        var hard = _work.Fork("orders that do not wait");
        foreach (var client in _cluster.Clients)
        {
            if (_work.Chance(0.5)) client.Do(new RetryOp { At = At(0.8), Run = $"r{_work.Next(_config.Runs)}", InProcess = _work.Chance(0.5), PatienceMs = 5000 });
            if (_work.Chance(0.2))
            {
                var (run, inProcess) = ($"r{_work.Next(_config.Runs)}", _work.Chance(0.5));
                client.Do(new PostOp { At = At(0.6), Run = run, Kind = _work.Pick(MessageKind.Cancel, MessageKind.Terminate), InProcess = inProcess },
                    new RetryOp { Run = run, InProcess = inProcess, PatienceMs = 5000 });
            }
            if (_work.Chance(0.2))
            {
                var (run, at) = ($"r{_work.Next(_config.Runs)}", At(0.6));
                client.Do(new PostOp { At = at, Run = run, Kind = MessageKind.Pause, Interrupt = hard.Chance(0.5) },
                    new PostOp { At = at + _work.Ticks(0, _work.Pick(1, 100, 3000)), Run = run, Kind = _work.Pick(MessageKind.Resume, MessageKind.Resume, MessageKind.Cancel, MessageKind.Terminate), GraceMs = hard.Pick(0, 50, 1000) });
            }
            for (var i = _work.Next(4); i > 0; i--)
                Answer(client, new AnswerOp { At = At(0.8), Run = $"r{_work.Next(_config.Runs)}", InProcess = _work.Chance(0.5), PatienceMs = 300, ThinksMs = _extras.Pick(0, 0, 20, 300) });
            for (var i = _work.Next(6); i > 0; i--)
            {
                // Many arrive while a run that has just come on writes what it will wait for.
                var ended = _work.Next(12);
                var kind = _work.Next(12) switch { 0 => MessageKind.Cancel, 1 => _work.Pick(MessageKind.Terminate, MessageKind.Resume), 2 => MessageKind.Pause, _ => MessageKind.Signal };
                client.Do(new PostOp
                {
                    At = At(1), Run = $"r{_work.Next(_config.Runs)}", Kind = kind, Name = kind == MessageKind.Signal ? _work.Pick("go", "stop") : "", InProcess = _work.Chance(0.5),
                    Behind = _work.Chance(0.5) ? _ => _cluster.Effects.Ended >= ended : null, PatienceMs = 3000,
                    Interrupt = hard.Chance(0.3), GraceMs = hard.Pick(0, 0, 100, 2000),
                });
            }
            for (var i = ends.Next(3); i > 0; i--)
                client.Do(new EndWaitOp { At = (long)(_config.StormTime.Ticks * ends.NextDouble()), Run = $"r{ends.Next(_config.Runs)}", InProcess = ends.Chance(0.5), PatienceMs = 300 });
            if (ends.Chance(0.3)) client.Do(new WatchOp { At = (long)(_config.StormTime.Ticks * ends.NextDouble()), Run = $"r{ends.Next(_config.Runs)}", PatienceMs = 3000 });
        }
        ChangeQueue(_work.Fork("queues"));
        KeepSchedule(_extras);
        KeepHook(_mixed);
        RunPipelines(new SimRandom(_config.Seed ^ 0x919E));
        StartMany(new SimRandom(_config.Seed ^ 0x3A27));
        PauseWorkers(new SimRandom(_config.Seed ^ 0x9A05E));
    }

    /// <summary>In some worlds two callers start several runs at once, some of them the same.</summary>
    private void StartMany(SimRandom random)
    {
        if (!random.Chance(0.2)) return;
        var programs = Enumerable.Range(0, random.Between(2, 5)).Select(i => Act.Then(Act.Step($"first{i}", random.Pick(0, 20, 300)), Act.Sleep(random.Pick(5, 400)), Act.Step("then"))).ToArray();
        for (var caller = 0; caller < 2; caller++)
        {
            var starts = Enumerable.Range(0, programs.Length).Where(_ => random.Chance(0.8)).OrderBy(_ => random.Next(100))
                .Select(i => new StartOp { Run = $"many{i}", Program = programs[i], StartKey = $"many{i}", MaxCrashes = _config.MaxCrashes }).ToArray();
            if (starts.Length == 0) continue;
            _cluster.AddClient().Do(new StartManyOp { At = (long)(_config.StormTime.Ticks * 0.6 * random.NextDouble()), Run = starts[0].Run, Starts = starts, InProcess = random.Chance(0.5) });
        }
    }

    /// <summary>In some worlds there are declared workflows too.</summary>
    private void RunPipelines(SimRandom random)
    {
        if (!random.Chance(0.2)) return;
        long At(double share) => (long)(_config.StormTime.Ticks * share * random.NextDouble());
        for (var i = random.Between(1, 2); i > 0; i--)
        {
            var (run, client) = ($"piped{i}", _cluster.AddClient());
            var program = PipelineWork.Program(random.Pick([.. PipelineWork.Kinds]), act => act with
            {
                Ms = random.Pick(0, 5, 60, 700), Failing = act.Name == "last" ? random.Pick(0, 0, 1, 9) : random.Pick(0, 0, 0, 1, 2), UndoFailing = random.Pick(0, 0, 1),
            });
            client.Do(new StartOp { At = At(0.6), Run = run, Program = program, IsPipeline = true, InProcess = random.Chance(0.5), MaxCrashes = _config.MaxCrashes });
            if (program.Name == "event") client.Do(new PostOp { Run = run, At = At(1), Kind = MessageKind.Signal, Name = "go", InProcess = random.Chance(0.5) });
            if (program.Name == "question") client.Do(new AnswerOp { Run = run, PatienceMs = (int)_config.StormTime.TotalMilliseconds, ThinksMs = random.Pick(0, 100, 390), InProcess = random.Chance(0.5) });
            if (random.Chance(0.15)) client.Do(new PostOp { Run = run, At = At(1), Kind = random.Pick(MessageKind.Cancel, MessageKind.Cancel, MessageKind.Terminate) });
        }
    }

    /// <summary>In some worlds a run hands an open hook on to those that it continues as, while people answer it.</summary>
    private void KeepHook(SimRandom random)
    {
        if (!random.Chance(0.15)) return;
        long At(double share) => (long)(_config.StormTime.Ticks * share * random.NextDouble());
        var program = Act.Then(Act.KeptHook("kept", random.Pick(0, 2000), 2), Act.Step("before", random.Pick(5, 200)), Act.Again(random.Between(1, 2)), Act.Step("behind"));
        _cluster.AddClient().Do(new StartOp { At = At(0.4), Run = "keeper", Program = program, InProcess = random.Chance(0.5), MaxCrashes = _config.MaxCrashes });
        for (var i = 0; i < 2; i++)
            _cluster.Clients[random.Next(_config.Clients)].Do(new AnswerOp { At = At(0.8), Run = "keeper", Name = "kept", OfAnyRun = true, InProcess = random.Chance(0.5), PatienceMs = 500 });
        // These see the hook while one run has it and answer when perhaps another one has it; and there may be more of them than it takes answers.
        for (var i = random.Next(4); i > 0; i--)
            _cluster.AddClient().Do(new AnswerOp
            {
                Run = "keeper", Name = "kept", OfAnyRun = true, InProcess = random.Chance(0.5), PatienceMs = (int)_config.StormTime.TotalMilliseconds, ThinksMs = random.Pick(0, 5, 60, 300),
                Behind = random.Chance(0.5) ? static effect => effect.Step == "before" : null,
            });
    }

    /// <summary>Sometimes two people see the same question.</summary>
    private void Answer(SimClient client, AnswerOp answer)
    {
        client.Do(answer);
        if (_extras.Chance(0.3)) _extras.Pick([.. _cluster.Clients]).Do(new AnswerOp { At = answer.At, Run = answer.Run, InProcess = _extras.Chance(0.5), PatienceMs = 300, ThinksMs = _extras.Pick(20, 300) });
    }

    /// <summary>In some worlds an operator limits and pauses the queue that everything is on.</summary>
    private void ChangeQueue(SimRandom random)
    {
        if (!random.Chance(0.4)) return;
        _operator = _cluster.AddClient();
        if (_mixed.Chance(0.4)) _operator.Do(new PurgeOp { Run = "r0", At = (long)(_config.StormTime.Ticks * _mixed.NextDouble()) });
        for (var i = random.Between(1, 5); i > 0; i--)
        {
            var change = new QueueChange(PerdureDefaults.Queue);
            change = random.Next(4) switch
            {
                0 => change with { MaxConcurrency = random.Pick(0, 1, 2, 4) },
                1 => change with { MaxPerKey = random.Pick(0, 1, 2) },
                2 => change with { Paused = random.Chance(0.6) },
                _ => change with { AgeAfter = TimeSpan.FromMilliseconds(random.Pick(0, 10, 1000)), Paused = false },
            };
            _operator.Do(new QueueOp { At = (long)(_config.StormTime.Ticks * random.NextDouble()), Run = "r0", Change = change });
        }
    }

    /// <summary>In some worlds an operator pauses workers, some of them perhaps all there are, and resumes them.</summary>
    private void PauseWorkers(SimRandom random)
    {
        if (!random.Chance(0.25)) return;
        _foreman = _cluster.AddClient();
        for (var i = random.Between(2, 6); i > 0; i--)
            _foreman.Do(new WorkerOp { At = (long)(_config.StormTime.Ticks * random.NextDouble()), Run = "r0", Pauses = random.Chance(0.7) ? random.Next(4) : null });
    }

    /// <summary>Who was presumed dead registers anew, and is paused as before: the operator looks again and again.</summary>
    private void ResumeWorkers()
    {
        if (_foreman!.IsIdle && _cluster.HasPausedWorker) _foreman.Do(new WorkerOp { Run = "r0" });
        _cluster.World.After(TimeSpan.TicksPerSecond / 2, ResumeWorkers);
    }

    /// <summary>In some worlds somebody has a schedule, pauses it and asks for a run besides.</summary>
    private void KeepSchedule(SimRandom random)
    {
        if (!random.Chance(0.1)) return;
        var interval = TimeSpan.FromSeconds(Math.Max(1, (int)(_config.StormTime.TotalSeconds / random.Between(3, 10))));
        var job = random.Pick(Act.Step("job", 20), Act.Then(Act.Step("job", 20), Act.Sleep((int)(interval.TotalMilliseconds * random.Pick(0.5, 1.5)))), Act.Guard(Act.Sleep(3000), Act.Step("undo")));
        var options = new ScheduleOptions
        {
            Overlap = random.Pick(Enum.GetValues<ScheduleOverlap>()), CatchUp = random.Pick(Enum.GetValues<ScheduleCatchUp>()), EndAt = _cluster.Now.ToDateTimeOffset() + _config.StormTime,
            Jitter = random.Pick(TimeSpan.Zero, interval / 3),
        };
        long At(double from, double to) => (long)(_config.StormTime.Ticks * (from + (to - from) * random.NextDouble()));
        var keeper = _cluster.AddClient();
        keeper.Do(ScheduleWork.Start("schedule", At(0, 0.2), ScheduleWork.Define("s", ScheduleTimes.Every(interval), job, options)));
        if (random.Chance(0.5)) keeper.Do(ScheduleWork.Command("schedule", At(0.2, 0.5), new ScheduleCommand { Verb = ScheduleVerb.Pause, Reason = "holiday" }));
        if (random.Chance(0.3)) keeper.Do(ScheduleWork.Command("schedule", At(0.4, 0.6), new ScheduleCommand { Verb = ScheduleVerb.Trigger }));
        if (random.Chance(0.8)) keeper.Do(ScheduleWork.Command("schedule", At(0.6, 0.8), new ScheduleCommand { Verb = ScheduleVerb.Resume }));
        if (random.Chance(0.3)) keeper.Do(new PostOp { Run = "schedule", At = At(0.8, 1), Kind = MessageKind.Cancel });
    }

    private long At(double share) => (long)(_config.StormTime.Ticks * share * _work.NextDouble());

    /// <summary>Faults stop: the store answers, who was frozen wakes up, and there are workers.</summary>
    private void Calm()
    {
        _isCalm = true;
        _planner.IsCalm = true;
        _cluster.Poison.Clear();
        _cluster.World.Trace.Note("world", "---- the faults stop ----");
        foreach (var node in _cluster.Nodes) node.Resume();
        // Behind everything that the same operator still wants.
        _operator?.Do(new QueueOp { Run = "r0", Change = new QueueChange(PerdureDefaults.Queue) { Paused = false } });
        if (_foreman is not null) ResumeWorkers();
        foreach (var node in _cluster.Nodes)
            if (node is { IsPumped: true, IsUp: true }) node.Stop(TimeSpan.Zero);
        if (_cluster.HasBuilds) _cluster.StartNode(Settings, versions: [1, 2], builds: _cluster.HasPins ? ["b1", "b2"] : null);
        else if (!_cluster.Nodes.Any(static node => node.IsUp)) _cluster.StartNode(Settings);
        new StallWatch(_cluster, _config.Worker, _cluster.PutBack).Start(_config.Worker.StoreTimeout);
    }

    /// <summary>How long a run may take from the calm on: the invariant's bound and everything that it still has to do.</summary>
    private TimeSpan Bound()
    {
        var settings = _config.Worker;
        var work = _cluster.Tap.Starts.Sum(static start => start.Attempts * start.Program.Flatten().Sum(static act => act.Ms * act.Tries + act.LimitMs + act.RetryMs * 8));
        return _cluster.PutBack + 2 * settings.Lease + 2 * settings.PollInterval + TimeSpan.FromSeconds(15) + 2 * settings.StoreTimeout + TimeSpan.FromMilliseconds(work) + PerdureDefaults.TimeoutGrace;
    }

    private EpisodeResult Result() => new()
    {
        Violation = _cluster.World.Violation,
        Hash = _cluster.World.Trace.Hash,
        Configuration = _config.ToString(),
        Simulated = TimeSpan.FromTicks(_cluster.World.Now),
        Lines = _cluster.World.Trace.Lines,
        Counts = new EpisodeCounts
        {
            Worlds = 1, Runs = _cluster.Tap.Runs.Count, Events = _cluster.Tap.Counts.Events, Bodies = _cluster.Effects.All.Count,
            StoreCalls = _cluster.Nodes.Sum(static node => node.Store.Calls) + _cluster.Clients.Sum(static client => client.Store.Calls),
            Crashes = _crashes, CrashesInBody = _crashesInBody, Pauses = _pauses, GracefulStops = _stops,
            Takeovers = _cluster.Tap.Counts.Takeovers, RefusedZombies = _cluster.Tap.Counts.RefusedZombies, RefusedBundles = _cluster.Tap.Counts.RefusedBundles,
            PoisonRefusals = _cluster.Poison.Refusals, Reopened = _cluster.Tap.Counts.Reopened, ReopenedStopped = _cluster.Tap.Counts.ReopenedStopped, ClockSteps = _cluster.ClockSteps,
            Paused = _cluster.Tap.Runs.Sum(static run => run.Events.Count(static c => c.Event.Kind == EventKind.RunPaused)), UnknownOutcomes = _planner.UnknownOutcomes, TransientFailures = _planner.Failures,
            Signals = _cluster.Tap.Runs.Sum(static run => run.Events.Count(static c => c.Event.Kind == EventKind.SignalReceived)),
            EarlySignals = _cluster.Tap.Runs.Sum(static run => run.Events.Count(static c => c.Event.Kind == EventKind.SignalConsumed)),
            Cancels = _cluster.Tap.Runs.Sum(static run => run.Events.Count(static c => c.Event.Kind == EventKind.CancelRequested)),
            Scheduled = _cluster.Tap.Runs.Count(static run => run.Id.Contains('@') && run.Id.EndsWith('Z')), Rounds = _cluster.Nodes.Sum(static node => node.Rounds),
            Blocked = _cluster.Tap.Runs.Sum(static run => run.Events.Count(static c => c.Event.Kind == EventKind.RunBlocked)),
        },
    };
}
