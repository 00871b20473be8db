using Microsoft.Extensions.DependencyInjection;
using Perdure.Authoring;
using Perdure.Journal;
using Perdure.Runtime;
using Perdure.Storage;

namespace Perdure.Worker;

/// <summary>
/// One registration of a worker: its runs, its lane, its lease. When the store says that it is dead, the session is dropped whole and another begins; nothing of a
/// dead session is ever written. Thread safe.
/// </summary>
internal sealed class WorkerSession
{
    private static readonly TimeSpan LookForRoom = TimeSpan.FromMilliseconds(100);

    private readonly WorkerParts _parts;
    private readonly StoreClock _storeClock;
    private readonly StoreCalls _calls;
    private readonly ControlLoop _control;
    private readonly LeaseKeeper _lease;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _loops = [];
    private readonly Lock _orders = new();
    private IDisposable? _wakeups;
    private WorkerOrders _heeded;
    private volatile bool _isPaused;
    private int _ended;

    public WorkerSession(WorkerParts parts, StoreClock storeClock, RunEndings endings, long worker, long registeredAt)
    {
        (_parts, _storeClock, Endings, Worker) = (parts, storeClock, endings, worker);
        _calls = new StoreCalls(parts.Clock, parts.Entropy.NextJitter, parts.Settings.StoreTimeout)
        {
            OnRetry = (failure, failures) => parts.Log.StoreRetry(failure.Fault, failures, failure.Message),
        };
        var known = new KnownWork();
        Lane = new Lane(parts.Store, _calls, known, parts.Clock, parts.Scheduler, worker, number: 1) { OnClock = storeClock.Set, OnFenced = Fenced, OnFailed = e => Surrender("lane", e) };
        Residents = new Residents(parts.Settings.MaxResidentRuns);
        Timers = new ResidentTimers(parts.Clock, storeClock);
        Bodies = new BodyRunner(this, parts.Scopes, parts.Clock, parts.Kit.Codec, known, parts.Settings.MaxConcurrentSteps);
        Activities = new ActivityPool(this, parts.Activities, parts.Scopes, parts.Clock, parts.Kit.Codec, parts.Settings.ActivityQueues);
        HeldQueues = new HeldQueues(parts.Clock);
        Slots = parts.Settings.RunLimits.Count == 0 ? null : new RunSlots(parts.Settings.RunLimits);
        Suspects = new SuspectSlot { OnFree = NoticeWork };
        Keys = new RunKeys(this, new KeyBlocks(parts.Store, storeClock), _calls, _stop.Token);
        _control = new ControlLoop(this, parts.Store, _calls, new ControlLane(parts.Store, _calls, worker), parts.Clock);
        _lease = new LeaseKeeper(parts.Store, _calls, storeClock, parts.Clock, parts.Scheduler, parts.Settings.Lease, worker, registeredAt)
        {
            OnFenced = Fenced, OnFailed = e => Surrender("lease", e), OnFreed = _control.NoticeAnything, OnRenewed = Renewed,
        };
    }

    /// <summary>The key under which runs and tasks are owned.</summary>
    public long Worker { get; }

    public Lane Lane { get; }

    /// <summary>The runs that live here.</summary>
    public Residents Residents { get; }

    public ResidentTimers Timers { get; }

    public BodyRunner Bodies { get; }

    public ActivityPool Activities { get; }

    /// <summary>Queues whose work is given by claims only.</summary>
    public HeldQueues HeldQueues { get; }

    /// <summary>Slots of the queues of which only so many runs live here at a time; null if there is none such.</summary>
    public RunSlots? Slots { get; }

    /// <summary>Keys for runs that are born by runs.</summary>
    public RunKeys Keys { get; }

    public RunEndings Endings { get; }

    public required RunNews News { get; init; }

    public WorkerSettings Settings => _parts.Settings;

    public IEngineScheduler Scheduler => _parts.Scheduler;

    public WorkflowRegistry Workflows => _parts.Workflows;

    public RuntimeKit Kit => _parts.Kit;

    public EngineLog Log => _parts.Log;

    public Instant Now => _storeClock.Now;

    public bool IsTrusted => _lease.IsTrusted;

    /// <summary>Which run or activity lives here that has lost its worker more than once.</summary>
    public SuspectSlot Suspects { get; }

    /// <summary>How long nothing is asked for when nothing is known to be due.</summary>
    public TimeSpan SafetyPoll
    {
        get
        {
            if (!Residents.IsEmpty) return Settings.PollInterval;
            var third = Settings.Lease / 3;
            return _parts.Store.Wakeups.HearsAll && Settings.QuietPoll > third ? Settings.QuietPoll : third;
        }
    }

    /// <summary>Whether the session has ended, so that nothing can be handed to it.</summary>
    public bool IsOver => Volatile.Read(ref _ended) != 0;

    /// <summary>
    /// Whether an operator has paused the worker: it claims nothing, and takes nothing of what begins in its process. What it has goes on until it waits, and is given back then.
    /// </summary>
    public bool IsPaused => _isPaused;

    /// <summary>How many runs and activities were claimed.</summary>
    public int Taken => _control.Taken;

    /// <summary>When the next run or activity is due that nobody has.</summary>
    public Instant NextDue => _control.NextDue;

    /// <summary>Whether nothing is under way and nothing is due: what lives here waits for a time or a message.</summary>
    public bool IsQuiet => Bodies.Count == 0 && Activities.IsIdle && Residents.AreIdle && Lane.IsIdle && _control.IsQuiet;

    /// <summary>Told once when the worker was presumed dead.</summary>
    public required Action<WorkerSession> OnFenced { get; init; }

    /// <summary>Told once when the store cannot be used any more.</summary>
    public required Action<WorkerSession, StoreException> OnBroken { get; init; }

    /// <summary>Told once when the engine itself failed.</summary>
    public required Action<WorkerSession> OnFailed { get; init; }

    public void Start()
    {
        _loops.Add(_parts.Scheduler.StartLoop("perdure-lane", Lane.RunAsync));
        _loops.Add(_parts.Scheduler.StartLoop("perdure-lease", _lease.RunAsync));
        _loops.Add(_parts.Scheduler.StartLoop("perdure-control", _control.RunAsync));
        _parts.Scheduler.Post(static s =>
        {
            var session = (WorkerSession)s!;
            _ = session.TendAsync("sweep", session.SweepAsync);
        }, this);
        if (Settings.Retention is { } policy)
            _loops.Add(TendAsync("retention", new Retention(this, _parts.Store, _calls, policy, _parts.Clock, _parts.Entropy.NextJitter).RunAsync));
        _loops.Add(TendAsync("start keys", new KeyUpkeep(_parts.Store, _calls, _parts.Clock, _parts.Entropy.NextJitter).RunAsync));
        if (Settings.ResumeFittingRuns)
            _loops.Add(TendAsync("fitting runs", new FittingRuns(this, _parts.Store, _calls, Workflows, _parts.Clock, _parts.Entropy).RunAsync));
        _wakeups = _parts.Store.Wakeups.Subscribe(_control.NoticeAnything);
    }

    /// <summary>Takes a claimed run, with the slot that was taken for it.</summary>
    public void Adopt(ClaimedRun claimed, SlotCount? slot = null)
    {
        if (claimed.Row.HoldsSlot) HeldQueues.Note(claimed.Row.Queue);
        var actor = new RunActor(this, claimed) { IsNew = claimed.Row.Term == 1 || claimed.Row.Status == RunStatus.Pending };
        if (SuspectSlot.IsSuspect(claimed.Row.Crashes)) Suspects.Take(actor);
        Take(actor, slot);
    }

    /// <summary>
    /// Takes a run that is being born here. False: there is no room, or the session is over. With <paramref name="runAhead"/> its first turn travels with its birth.
    /// </summary>
    public bool TryBear(RunBirth birth, bool runAhead, TaskCompletionSource<BirthOutcome> answer)
    {
        if (IsOver || IsPaused || Residents.Room <= 0) return false;
        var slot = Slots?.Find(birth.Queue);
        if (slot?.Take(1) == 0) return false;
        var actor = new RunActor(this, birth, answer);
        if (slot is not null) Slots!.Give(slot, actor);
        Residents.Add(actor);
        if (IsOver)
        {
            Forget(actor);
            return false;
        }
        if (runAhead) actor.PostAside(new RunMail(RunMailKind.Load));
        else actor.EnterLane();
        return true;
    }

    /// <summary>The run has left this process's memory.</summary>
    public void Forget(RunActor run)
    {
        Residents.Remove(run);
        Suspects.Leave(run);
        // Somebody may be waiting for the room.
        if (Slots?.Detach(run) is { } slot) Free(slot);
        if (Residents.TakeWish()) _control.NoticeRuns();
    }

    /// <summary>Takes what the store has just said of its clock, when it was asked at <paramref name="asked"/>.</summary>
    public void Heard(Instant now, long asked) => _storeClock.Set(now, asked);

    /// <summary>Takes what the store says that operators have ordered. Answers may cross; the latest order counts.</summary>
    public void Heed(WorkerOrders orders)
    {
        lock (_orders)
        {
            if (orders.Revision <= _heeded.Revision) return;
            var changes = orders.IsPaused != _heeded.IsPaused;
            _heeded = orders;
            _isPaused = orders.IsPaused;
            if (!changes) return;
        }
        if (orders.IsPaused)
        {
            Log.Paused(Worker);
            // Others may take what only waits here.
            Residents.GiveBackIdle();
        }
        else
        {
            Log.Resumed(Worker);
            _control.NoticeAnything();
        }
    }

    /// <summary>A run has begun to wait. If there was no room, there may soon be some: it is looked for once for many such runs.</summary>
    public void Rests()
    {
        if (Residents.IsRoomWanted) NoticeDue(Now.Add(LookForRoom));
    }

    public void NoticeDue(Instant due) => _control.NoticeDue(due);

    public void NoticeTasks() => _control.NoticeTasks();

    public void NoticeRuns() => _control.NoticeRuns();

    /// <summary>There may be runs or activities to claim.</summary>
    public void NoticeWork()
    {
        _control.NoticeRuns();
        _control.NoticeTasks();
    }

    /// <summary>Slots of limited queues are free again: whoever waits for them, here or elsewhere, may look.</summary>
    public void SlotsFreed() => _parts.Store.Wakeups.Wake();

    public void ReadInbox(long run) => _control.NoticeInbox(run);

    /// <summary>Messages to other runs are durable: those that live here read them, others may be claimed.</summary>
    public void NoticeMessages(IReadOnlyList<OutgoingMessage> messages)
    {
        var leaves = false;
        for (var i = 0; i < messages.Count; i++)
        {
            var run = messages[i].RunKey != 0 ? Residents.Find(messages[i].RunKey) : Residents.Find(messages[i].RunId!);
            if (run is null) leaves = true;
            else ReadInbox(run.Key);
        }
        if (leaves) NoticeRuns();
    }

    /// <summary>
    /// Loads a run again that is still owned but whose memory was dropped. With a <paramref name="verdict"/> it is only loaded to be blocked. A later
    /// <paramref name="term"/> is another's: of each there is one in memory at most. It keeps its <paramref name="slot"/>.
    /// </summary>
    public void Reload(long run, int term, Blocking? verdict, SlotCount? slot) => _parts.Scheduler.Post(static s =>
    {
        var (session, run, term, verdict, slot) = ((WorkerSession, long, int, Blocking?, SlotCount?))s!;
        _ = session.TendAsync("reload", stop => session.ReloadAsync(run, term, verdict, slot, stop));
    }, (this, run, term, verdict, slot));

    /// <summary>The store says that this worker is dead.</summary>
    public void Fenced()
    {
        if (!End()) return;
        Log.Fenced(Worker, Residents.Count);
        ForgetAll();
        OnFenced(this);
    }

    /// <summary>
    /// Something ended that must not end. If the store can never be used again, so has the worker. Everything else is a failure of the engine: the session is dropped
    /// as one that lost its process, and another begins.
    /// </summary>
    /// <remarks>
    /// The worker is not retired. Its lease runs out, and its runs count a loss: so one that makes the engine fail again and again is found out and blocked, and the others go on.
    /// </remarks>
    public void Surrender(string where, Exception reason)
    {
        if (reason is StoreException { Fault: StoreFault.Corrupt or StoreFault.Schema or StoreFault.InUse } broken)
        {
            if (!End()) return;
            Log.StoreBroken(broken.Message);
            ForgetAll();
            OnBroken(this, broken);
            return;
        }
        Log.WorkerFailed(Worker, where, Residents.Count, reason);
        if (!End()) return;
        ForgetAll();
        OnFailed(this);
    }

    /// <summary>From now on nothing new is taken and no body begins. What would begin now is begun by whoever takes the run, or the activity, next. Returns at once; may be called again.</summary>
    public void TakeNothing()
    {
        _control.StopClaiming();
        Bodies.Stop();
        Activities.StopBeginning();
    }

    /// <summary>
    /// Graceful stop: nothing new is taken, bodies get their time, what they returned is written, and everything goes back to the store at once.
    /// When <paramref name="hurry"/> fires, nothing is waited for any more.
    /// </summary>
    public async Task StopAsync(TimeSpan grace, CancellationToken hurry)
    {
        TakeNothing();
        await WaitAsync(() => Bodies.Count == 0 && Activities.IsIdle, grace, hurry);
        var unfinished = Bodies.Count + Activities.Count;
        await WaitAsync(() => Residents.AreIdle && Lane.IsIdle, Settings.StoreTimeout, hurry);
        if (!End()) return;
        ForgetAll();
        await Task.WhenAll(_loops.ToArray());
        // What bodies did not finish in time is given back with its attempts refunded.
        await Retirement.SayAsync(Worker, _parts.Store, _calls, Log, hurry);
        _parts.Store.Wakeups.Wake();
        Log.Stopped(Worker, unfinished);
    }

    private void Take(RunActor actor, SlotCount? slot)
    {
        if (slot is not null) Slots!.Give(slot, actor);
        Residents.Add(actor);
        if (IsOver) Forget(actor);
        else actor.PostAside(new RunMail(RunMailKind.Load));
    }

    /// <summary>Does something beside the loops, for as long as the session lives. That it ends with an exception is a failure of the engine.</summary>
    private async Task TendAsync(string name, Func<CancellationToken, Task> work)
    {
        try
        {
            await work(_stop.Token);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
        }
        catch (Exception e)
        {
            Surrender(name, e);
        }
    }

    private void Free(SlotCount slot)
    {
        if (slot.Free(1)) _control.NoticeRuns();
    }

    private async Task ReloadAsync(long run, int term, Blocking? verdict, SlotCount? slot, CancellationToken stop)
    {
        if (await Reloading.ReadAsync(run, term, Worker, _parts.Store, _calls, stop) is { } read) Take(new RunActor(this, read, verdict), slot);
        else if (slot is not null) Free(slot);
    }

    /// <summary>Once a second: runs that nobody has touched are given back, long bodies become visible, heartbeats are looked at.</summary>
    private async Task SweepAsync(CancellationToken stop)
    {
        while (true)
        {
            await Task.Delay(PerdureDefaults.StepStartedAfter, _parts.Clock, stop);
            var now = Now;
            ResumeBodies();
            if (Activities.Count > 0)
            {
                Suspects.EndTrial(now);
                NoticeTasks();
            }
            Residents.Tend(longSince: now.Add(-PerdureDefaults.StepStartedAfter), idleSince: IsPaused ? now : now.Add(-Settings.KeepWarm));
        }
    }

    private void Renewed(WorkerOrders orders)
    {
        ResumeBodies();
        Heed(orders);
    }

    private void ResumeBodies()
    {
        Bodies.Resume();
        Activities.Resume();
    }

    private bool End()
    {
        if (Interlocked.Exchange(ref _ended, 1) != 0) return false;
        _wakeups?.Dispose();
        _stop.Cancel();
        _control.Stop();
        _lease.Stop();
        Lane.Stop();
        Timers.Dispose();
        return true;
    }

    private void ForgetAll()
    {
        Bodies.Stop();
        Activities.Abandon();
        Residents.Drop(Log);
    }

    private async Task WaitAsync(Func<bool> condition, TimeSpan limit, CancellationToken hurry)
    {
        var start = _parts.Clock.GetTimestamp();
        try
        {
            while (!condition() && !IsOver && _parts.Clock.GetElapsedTime(start) < limit) await Task.Delay(TimeSpan.FromMilliseconds(5), _parts.Clock, hurry);
        }
        catch (OperationCanceledException) when (hurry.IsCancellationRequested)
        {
        }
    }
}
