using Microsoft.Extensions.DependencyInjection;
using Perdure.Authoring;
using Perdure.Runtime;
using Perdure.Storage;

namespace Perdure.Worker;

/// <summary>
/// The queued activities that this process has taken: keeps the slots of each queue, what waits for the lease, and the signs of life of each attempt, and brings outcomes back: straight to a run
/// that lives here, else through its row. <see cref="ActivityRunner"/> runs them. Thread safe.
/// </summary>
internal sealed class ActivityPool
{
    private readonly WorkerSession _session;
    private readonly ActivityRegistry _registry;
    private readonly TimeProvider _clock;
    private readonly ActivityRunner _runner;
    private readonly PayloadCodec _codec;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Slots> _slots = new(StringComparer.Ordinal);
    private readonly Dictionary<TaskAttempt, RunningTask> _running = [];
    private readonly List<(RunningTask Task, BodyOutcome Outcome)> _finished = [];
    private readonly List<RunningTask> _held = [];
    private bool _closing;
    private bool _stopped;

    public ActivityPool(
        WorkerSession session, ActivityRegistry registry, IServiceScopeFactory? scopes, TimeProvider clock, PayloadCodec codec, IReadOnlyDictionary<string, int> queues)
    {
        (_session, _registry, _clock, _codec) = (session, registry, clock, codec);
        _runner = new ActivityRunner(session, this, registry, scopes, clock, codec);
        Names = registry.AllNames;
        if (Names.Count == 0) return;
        foreach (var (queue, limit) in queues) _slots[queue] = new Slots(limit);
    }

    /// <summary>Activities that can run here.</summary>
    public IReadOnlyList<string> Names { get; }

    public int Count
    {
        get
        {
            lock (_gate) return _running.Count;
        }
    }

    /// <summary>Whether no attempt runs and every outcome has been handed on.</summary>
    public bool IsIdle
    {
        get
        {
            lock (_gate) return _running.Count == 0 && _finished.Count == 0;
        }
    }

    /// <summary>What the run is told instead of a result if nobody has code for the activity; null if there is code here.</summary>
    public OutgoingMessage? RefusalOf(RunActor run, NewTask task)
    {
        if (_registry.Find(task.Activity) is not null) return null;
        var attempt = task.AttemptsUsed + 1;
        var outcome = BodyOutcomes.Of(_registry.Unknown(task.Activity), _codec, RetryPolicy.Default, attempt, cancelAsked: false, _session.Now) with { Final = true };
        return new OutgoingMessage
        {
            RunKey = run.Key, Kind = MessageKind.TaskResult, Name = task.Activity, Id = $"task-{task.Operation}-{task.TokensUsed}-unknown",
            Payload = TaskResultCodec.Write(task.Operation, outcome),
        };
    }

    /// <summary>Takes a slot for a task that is about to be stored, if one is free and its activity is registered here.</summary>
    public RunningTask? TryReserve(RunActor run, NewTask task)
    {
        if (_registry.Find(task.Activity) is null || _session.IsPaused || _session.HeldQueues.Has(task.Queue)) return null;
        lock (_gate)
        {
            if (_closing || !_slots.TryGetValue(task.Queue, out var slots) || slots.Used >= slots.Limit) return null;
            var running = new RunningTask(new ClaimedTask
            {
                Attempt = new TaskAttempt(run.Key, task.Operation, task.TokensUsed + 1), RunId = run.Id, Number = task.AttemptsUsed + 1, Activity = task.Activity, Queue = task.Queue,
                Input = task.Input, Options = task.Options, Details = task.Details, CloseDeadline = task.CloseDeadline,
            }, TaskOptions.Read(task.Options), _session.Scheduler);
            slots.Used++;
            _running[running.Attempt] = running;
            return running;
        }
    }

    /// <summary>Gives a slot back: the task was not stored, or does not begin here.</summary>
    public void Cancel(RunningTask task)
    {
        if (task.TryEnd()) Release(task);
    }

    /// <summary>Free slots of every queue, for a claim.</summary>
    public List<QueueSlots> FreeSlots()
    {
        lock (_gate)
        {
            var free = new List<QueueSlots>(_slots.Count);
            foreach (var (queue, slots) in _slots) free.Add(new QueueSlots(queue, _closing ? 0 : slots.Limit - slots.Used));
            return free;
        }
    }

    /// <summary>Takes claimed tasks.</summary>
    public void Take(IReadOnlyList<ClaimedTask> tasks)
    {
        foreach (var claimed in tasks)
        {
            if (claimed.HoldsSlot) _session.HeldQueues.Note(claimed.Queue);
            var task = new RunningTask(claimed, TaskOptions.Read(claimed.Options), _session.Scheduler);
            if (SuspectSlot.IsSuspect(claimed.Crashes) && !claimed.Expired) _session.Suspects.Take(task);
            lock (_gate)
            {
                if (_slots.TryGetValue(claimed.Queue, out var slots)) slots.Used++;
                _running[claimed.Attempt] = task;
            }
            Begin(task);
        }
    }

    /// <summary>Begins a reserved or claimed task whose claim is durable.</summary>
    public void Begin(RunningTask task)
    {
        task.Begin(_session.Now, _clock.GetTimestamp());
        _runner.Launch(task);
    }

    /// <summary>The lease is trusted again: attempts that had to wait for it are asked about, and begin if nobody has withdrawn them since.</summary>
    public void Resume()
    {
        lock (_gate)
            if (_held.Count == 0 || !_session.IsTrusted) return;
        _session.NoticeTasks();
    }

    /// <summary>Lets attempts begin that had to wait for the lease, right after the store has said which of them shall stop.</summary>
    public void BeginHeld()
    {
        RunningTask[] held;
        lock (_gate)
        {
            if (_held.Count == 0 || !_session.IsTrusted) return;
            held = [.. _held];
            _held.Clear();
        }
        foreach (var task in held) Begin(task);
    }

    /// <summary>Tasks whose outcome must go through rows, for the control loop to write.</summary>
    public List<(RunningTask Task, BodyOutcome Outcome)> TakeFinished()
    {
        lock (_gate)
        {
            List<(RunningTask, BodyOutcome)> finished = [.. _finished];
            _finished.Clear();
            return finished;
        }
    }

    /// <summary>Sends an outcome through the task's row, because its run is not here (any more).</summary>
    public void EndByRow(RunningTask task, BodyOutcome outcome)
    {
        lock (_gate)
        {
            if (_stopped) return;
            _finished.Add((task, outcome));
        }
        _session.NoticeTasks();
    }

    /// <summary>One beat for every attempt that runs here, with its details if they are news; attempts that have been silent too long are timed out.</summary>
    public List<TaskBeat> TakeBeats()
    {
        List<TaskBeat> beats = [];
        List<RunningTask> silent = [];
        lock (_gate)
        {
            foreach (var task in _running.Values)
            {
                if (task.IsEnded) continue;
                if (!task.IsBegun)
                {
                    // A task that is not stored yet knows of nothing to stop for. Nothing is expected of one that waits for the lease.
                    if (_held.Contains(task)) beats.Add(new TaskBeat(task.Attempt, default));
                    continue;
                }
                if (task.Options.Heartbeat is { } limit && _clock.GetElapsedTime(task.BeatAt) > limit) silent.Add(task);
                else beats.Add(new TaskBeat(task.Attempt, task.TakeUnwritten(out var details) ? details : default));
            }
        }
        foreach (var task in silent) _runner.FallSilent(task);
        return beats;
    }

    /// <summary>The store says that these attempts shall stop.</summary>
    public void Stop(IReadOnlyList<TaskAttempt> attempts)
    {
        foreach (var attempt in attempts)
        {
            RunningTask? task;
            lock (_gate) _running.TryGetValue(attempt, out task);
            task?.Cancel();
        }
    }

    /// <summary>No attempt begins any more. What has not begun goes back with the worker, as if nobody had taken it.</summary>
    public void StopBeginning()
    {
        RunningTask[] held;
        lock (_gate)
        {
            _closing = true;
            held = [.. _held];
            _held.Clear();
        }
        foreach (var task in held) Cancel(task);
    }

    /// <summary>No attempt begins any more; those that run are abandoned and named, so that they can be given back.</summary>
    public List<TaskAttempt> Abandon()
    {
        List<TaskAttempt> attempts = [];
        List<RunningTask> tasks;
        lock (_gate)
        {
            _closing = _stopped = true;
            tasks = [.. _running.Values];
            _running.Clear();
            _held.Clear();
        }
        foreach (var task in tasks)
        {
            if (!task.IsEnded) attempts.Add(task.Attempt);
            task.Abandon();
        }
        return attempts;
    }

    /// <summary>Whether an attempt must not begin now. It waits for the lease, or is left to whoever takes it next.</summary>
    public bool MustWait(RunningTask task)
    {
        var isTrusted = _session.IsTrusted;
        lock (_gate)
        {
            if (!_closing)
            {
                if (isTrusted) return false;
                task.Hold();
                // Somebody may have judged this worker dead and given the task to another: it waits for the next renewal, or is never run.
                _held.Add(task);
                return true;
            }
        }
        Cancel(task);
        return true;
    }

    /// <summary>An attempt has its outcome: it goes to the run if that lives here, else through the task's row. The first outcome counts.</summary>
    public void End(RunningTask task, BodyOutcome outcome)
    {
        if (!task.TryEnd()) return;
        Release(task);
        outcome = outcome with { StartedAt = task.Task.Expired || !task.IsBegun ? Instant.Earliest : task.StartedAt, Worker = _session.Worker, Details = task.Details };
        if (_session.Residents.Find(task.Attempt.Run) is not { } run || !run.Post(new RunMail(RunMailKind.TaskEnded, task, outcome))) EndByRow(task, outcome);
        else _session.NoticeTasks();
    }

    private void Release(RunningTask task)
    {
        lock (_gate)
        {
            if (!_running.Remove(task.Attempt)) return;
            if (_slots.TryGetValue(task.Task.Queue, out var slots)) slots.Used--;
        }
        _session.Suspects.Leave(task);
    }

    private sealed class Slots(int limit)
    {
        public int Limit { get; } = limit;

        public int Used { get; set; }
    }
}
