using Perdure.Journal;
using Perdure.Runtime;
using Perdure.Storage;

namespace Perdure.Worker;

/// <summary>
/// Everything that a worker asks the store for, besides groups: due runs, waiting tasks, messages for its runs, finished tasks, heartbeats. One call after the
/// other, each only when there is a reason: a hint, a due instant, or the safety poll.
/// </summary>
internal sealed class ControlLoop(WorkerSession session, IPerdureStore store, StoreCalls calls, ControlLane lane, TimeProvider clock)
{
    /// <summary>How long a paused worker does not ask again whether it still is.</summary>
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(1);

    private readonly AsyncSignal _signal = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private readonly HashSet<long> _inboxes = [];
    private readonly RunClaims _runs = new(session, store, lane, clock);
    private bool _draining;
    private bool _inRound = true;
    private int _tasksTaken;
    private long? _asked;
    private Wants _wants = Wants.All;
    private Instant _nextRun = Instant.Earliest;
    private Instant _nextTask = Instant.Earliest;

    [Flags]
    private enum Wants
    {
        None = 0,
        Runs = 1,
        Tasks = 2,
        Messages = 4,
        All = Runs | Tasks | Messages,
    }

    /// <summary>How many runs and activities were claimed.</summary>
    public int Taken => _runs.Taken + Volatile.Read(ref _tasksTaken);

    /// <summary>When the next run or activity is due that nobody has, as far as this loop was told.</summary>
    public Instant NextDue
    {
        get
        {
            lock (_gate) return Instant.Min(_nextRun, _nextTask);
        }
    }

    /// <summary>Whether it has asked for everything that there was a reason to ask for, and nothing is due.</summary>
    public bool IsQuiet
    {
        get
        {
            lock (_gate) return !_inRound && _wants == Wants.None && _inboxes.Count == 0 && Instant.Min(_nextRun, _nextTask) > session.Now;
        }
    }

    /// <summary>A hint from outside: anything may have become due.</summary>
    public void NoticeAnything() => Notice(Wants.All);

    /// <summary>There is something to do about tasks.</summary>
    public void NoticeTasks() => Notice(Wants.Tasks);

    /// <summary>There may be runs to claim.</summary>
    public void NoticeRuns() => Notice(Wants.Runs);

    /// <summary>A run was given back that is due at <paramref name="due"/>.</summary>
    public void NoticeDue(Instant due)
    {
        lock (_gate)
        {
            if (due >= _nextRun) return;
            _nextRun = due;
        }
        _signal.Set();
    }

    /// <summary>A run that lives here has unread messages.</summary>
    public void NoticeInbox(long run)
    {
        lock (_gate) _inboxes.Add(run);
        _signal.Set();
    }

    /// <summary>From now on nothing new is claimed; what is under way is still finished.</summary>
    public void StopClaiming()
    {
        Volatile.Write(ref _draining, true);
        _runs.Stop();
    }

    public void Stop()
    {
        _stop.Cancel();
        _signal.Set();
    }

    public async Task RunAsync()
    {
        try
        {
            while (!_stop.IsCancellationRequested)
            {
                await WaitAsync();
                await RoundAsync();
                lock (_gate) _inRound = false;
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
        }
        catch (Exception e)
        {
            session.Surrender("control loop", e);
        }
    }

    private void Notice(Wants wants)
    {
        lock (_gate) _wants |= wants;
        _signal.Set();
    }

    private async Task WaitAsync()
    {
        TimeSpan wait;
        lock (_gate)
        {
            if (_wants != Wants.None || _inboxes.Count > 0) return;
            var now = session.Now;
            // Due work is nothing to wait for, or to wake up for, by one who claims no more.
            var next = Volatile.Read(ref _draining) ? Instant.Never : Instant.Min(_nextRun, _nextTask);
            wait = session.SafetyPoll;
            if (!next.IsNever && next - now < wait) wait = next > now ? next - now : TimeSpan.Zero;
        }
        if (wait > TimeSpan.Zero)
        {
            // Whole milliseconds upward: waking before the instant would only mean to ask again.
            wait = TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds));
            using var alarm = clock.CreateTimer(static loop => ((ControlLoop)loop!).Alarm(), this, wait, Timeout.InfiniteTimeSpan);
            await _signal.WaitAsync();
        }
        else Alarm();
    }

    /// <summary>What the clock alone asks for: due work that is known, or, after a quiet time, everything.</summary>
    private void Alarm()
    {
        lock (_gate)
        {
            var now = session.Now;
            if (_nextRun <= now) _wants |= Wants.Runs;
            if (_nextTask <= now) _wants |= Wants.Tasks;
            if (_wants == Wants.None) _wants = Wants.All;
        }
        _signal.Set();
    }

    private async Task RoundAsync()
    {
        Wants wants;
        long[] inboxes;
        lock (_gate)
        {
            _inRound = true;
            wants = _wants;
            _wants = Wants.None;
            inboxes = [.. _inboxes];
            _inboxes.Clear();
        }
        if ((wants & Wants.Messages) != 0 || inboxes.Length > 0) await ReadMessagesAsync(inboxes, all: (wants & Wants.Messages) != 0);
        await WriteFinishedAsync();
        await BeatAsync();
        if (Volatile.Read(ref _draining)) return;
        if (session.IsPaused && wants != Wants.None) await AskWhetherPausedAsync();
        if ((wants & Wants.Runs) != 0 && !session.IsPaused) await ClaimRunsAsync();
        if ((wants & Wants.Tasks) != 0 && !session.IsPaused && !Volatile.Read(ref _draining)) await ClaimTasksAsync();
    }

    /// <summary>
    /// A paused worker claims nothing, so claims do not tell it when it is resumed. A hint may: then it asks, a second after it asked before. Without one it hears of it with its lease.
    /// </summary>
    private async Task AskWhetherPausedAsync()
    {
        var now = session.Now;
        lock (_gate)
        {
            // What is due is for others.
            _nextRun = _nextTask = Instant.Never;
            if (_asked is { } before && clock.GetElapsedTime(before) is var elapsed && elapsed < AskAgain)
            {
                _nextRun = now.Add(AskAgain - elapsed);
                return;
            }
            _asked = clock.GetTimestamp();
        }
        var grant = await calls.UntilAnsweredAsync(token => store.RenewAsync(session.Worker, token), _stop.Token);
        if (!grant.Alive) session.Fenced();
        else session.Heed(grant.Orders);
    }

    private async Task ReadMessagesAsync(long[] asked, bool all)
    {
        if (session.Residents.Count == 0) return;
        var inboxes = await calls.UntilAnsweredAsync(token => store.ReadMessagesAsync(session.Worker, all ? null : asked, token), _stop.Token);
        foreach (var inbox in inboxes) session.Residents.Find(inbox.Run)?.PostAside(new RunMail(RunMailKind.Inbox, inbox));
        // A run that asked holds its bodies until it is answered, also when what it asked for was read in the meantime.
        foreach (var run in asked) session.Residents.Find(run)?.PostAside(new RunMail(RunMailKind.Inbox, new Inbox(run, 0, [])));
    }

    private async Task ClaimRunsAsync()
    {
        lock (_gate) _nextRun = Instant.Never;
        if (await _runs.ClaimAsync(_stop.Token) is not { } next)
        {
            session.Fenced();
            return;
        }
        lock (_gate) _nextRun = Instant.Min(_nextRun, next);
    }

    private async Task ClaimTasksAsync()
    {
        var slots = session.Activities.FreeSlots();
        lock (_gate) _nextTask = Instant.Never;
        if (slots.Count == 0) return;
        var suspects = session.Suspects.Free;
        var asked = clock.GetTimestamp();
        var claimed = await lane.CallAsync(
            (stamp, token) => store.ClaimTasksAsync(new TaskClaim(stamp, slots, suspects, session.Activities.Names), token),
            (number, token) => store.RecallTaskClaimAsync(session.Worker, number, token),
            static answer => answer.Fenced, _stop.Token);
        if (claimed.Fenced)
        {
            session.Fenced();
            return;
        }
        session.Heard(claimed.Now, asked);
        session.Heed(claimed.Orders);
        Interlocked.Add(ref _tasksTaken, claimed.Tasks.Count);
        session.Activities.Take(claimed.Tasks);
        lock (_gate) _nextTask = Instant.Min(_nextTask, claimed.NextDue);
    }

    private async Task WriteFinishedAsync()
    {
        var finished = session.Activities.TakeFinished();
        if (finished.Count == 0) return;
        var completions = finished.ConvertAll(item => new TaskCompletion(item.Task.Attempt, new OutgoingMessage
        {
            RunKey = item.Task.Attempt.Run, Kind = MessageKind.TaskResult, Name = item.Task.Task.Activity,
            Id = $"task-{item.Task.Attempt.Operation}-{item.Task.Attempt.Token}-{session.Worker}",
            Payload = TaskResultCodec.Write(item.Task.Attempt.Operation, item.Outcome),
        }));
        var report = await lane.CallAsync(
            (stamp, token) => store.CompleteTasksAsync(stamp, completions, token),
            (_, _) => Task.FromResult(new TaskReport(false, [])),
            static answer => answer.Fenced, _stop.Token);
        if (report.Fenced)
        {
            session.Fenced();
            return;
        }
        foreach (var (task, _) in finished)
        {
            NoticeResult(task.Attempt.Run);
            if (task.Task.HoldsSlot) Notice(Wants.Runs | Wants.Tasks);
        }
    }

    private void NoticeResult(long run)
    {
        if (session.Residents.Find(run) is not null) NoticeInbox(run);
        else NoticeRuns();
        store.Wakeups.Wake();
    }

    private async Task BeatAsync()
    {
        if (session.Activities.Count == 0) return;
        var beats = session.Activities.TakeBeats();
        var pulse = await calls.UntilAnsweredAsync(token => store.BeatTasksAsync(session.Worker, beats, token), _stop.Token);
        session.Activities.Stop(pulse.Stop);
        session.Activities.BeginHeld();
    }
}
