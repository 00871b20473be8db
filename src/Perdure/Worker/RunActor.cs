using Perdure.Authoring;
using Perdure.Journal;
using Perdure.Runtime;
using Perdure.Storage;

namespace Perdure.Worker;

/// <summary>
/// A run in this process's memory: a mailbox in front of the run's machine. One thread at a time takes mail, one turn each; what the turns want written goes
/// to the lane as one bundle, and what the outside may see of them is let out when that bundle is durable.
/// </summary>
/// <remarks>
/// Thread safe. The lock guards the mailbox and is held while a bundle is built, never while workflow code runs. This file is the mailbox; <c>.Turns</c> gives mail to
/// the machine; <c>.Bundles</c> talks to the lane.
/// </remarks>
internal sealed partial class RunActor : IBundleSource, IMachineOwner, IThreadPoolWorkItem
{
    private readonly Lock _gate = new();
    private readonly WorkerSession _session;
    private Queue<RunMail>? _mail;
    private bool _busy;
    private bool _enqueued;
    private bool _gone;

    public RunActor(WorkerSession session, ClaimedRun claimed, Blocking? verdict = null)
    {
        _verdict = verdict;
        _session = session;
        var row = claimed.Row;
        (Key, Id, _term, _claimed, _seen) = (row.Key, row.Id, row.Term, claimed, row.Inbox);
        (_crashes, _losses, _holdsSlot) = (row.Crashes, row.Losses, row.HoldsSlot);
        (_storedStatus, _storedPhase, _storedDue) = (row.Status, row.Phase, row.DueAt);
    }

    /// <summary>A run that is being born in this process.</summary>
    public RunActor(WorkerSession session, RunBirth birth, TaskCompletionSource<BirthOutcome> answer)
    {
        _session = session;
        (Key, Id, _term, _birth, _birthAnswer) = (birth.Key, birth.Id, 1, birth, answer);
        _storedStatus = RunStatus.Running;
        _storedDue = birth.DueAt;
        IsNew = true;
    }

    public long Key { get; }

    public string Id { get; }

    /// <summary>Whether nobody has loaded the run before, so that its code was never entered.</summary>
    public bool IsNew { get; init; }

    public IEngineScheduler Scheduler => _session.Scheduler;

    public BodyRunner Bodies => _session.Bodies;

    /// <summary>Reads and writes the payloads of its bodies.</summary>
    public PayloadCodec Codec => _session.Bodies.Codec;

    /// <summary>What the steps of the run have saved; null for nothing.</summary>
    public Checkpoints? Checkpoints => _machine?.Checkpoints;

    /// <summary>When anything last happened here.</summary>
    public Instant LastActive { get; private set; }

    /// <summary>
    /// Whether it has handled everything that it can handle now, and has nothing left to write. What waits for keys, or for its time, is in no lane: it would be lost with a worker
    /// that stopped now.
    /// </summary>
    public bool IsIdle
    {
        get
        {
            lock (_gate) return _gone || !_busy && _inFlight is null && _mail is null or { Count: 0 } && !HasMoreToWrite;
        }
    }

    /// <summary>Takes mail; handles it at once on this thread unless another is at it. False: the run has left this process.</summary>
    public bool Post(in RunMail mail)
    {
        bool isFirst;
        lock (_gate)
        {
            if (_gone) return false;
            isFirst = !_busy && !IsFrozen && _mail is null or { Count: 0 };
            if (!isFirst) Put(mail);
            if (_busy || IsFrozen) return true;
            _busy = true;
        }
        Drain(isFirst ? mail : null);
        return true;
    }

    /// <summary>Takes mail that is handled on the pool, not on the caller's thread.</summary>
    public bool PostAside(in RunMail mail)
    {
        lock (_gate)
        {
            if (_gone) return false;
            Put(mail);
        }
        Schedule();
        return true;
    }

    /// <summary>Workflow code awaited something that is not durable.</summary>
    void IMachineOwner.ForeignPosted() => PostAside(new RunMail(RunMailKind.Foreign));

    string? IMachineOwner.BodyInProgress
    {
        get
        {
            lock (_gate) return _running.First?.Operation.Name;
        }
    }

    /// <summary>The instant <paramref name="at"/> has come, for which the run had asked.</summary>
    public void TimerDue(Instant at)
    {
        lock (_gate)
        {
            if (_sendsAgain && !_enqueued && !_gone && at == _inFlight!.Bundle.NotBefore)
            {
                _enqueued = true;
                _session.Lane.Enqueue(this);
            }
        }
        if (at != _timerSetFor) return;
        _timerSetFor = Instant.Never;
        PostAside(new RunMail(RunMailKind.Due));
    }

    /// <summary>Goes to the lane although nothing has happened yet: a birth whose key may be taken.</summary>
    public void EnterLane()
    {
        lock (_gate) EnqueueIfNeeded();
    }

    /// <summary>The session has ended: nothing of this run is written any more.</summary>
    public void Drop()
    {
        DropReservations();
        _birthAnswer?.TrySetException(new WorkerFencedException());
        Leave();
    }

    /// <summary>Handles waiting mail on the pool, if there is any and nobody is at it.</summary>
    private void Schedule()
    {
        lock (_gate)
        {
            if (_gone || _busy || IsFrozen || _mail is null or { Count: 0 } && !HasMoreToWrite) return;
            _busy = true;
        }
        _session.Scheduler.Post(this);
    }

    void IThreadPoolWorkItem.Execute() => Drain();

    private void Drain(RunMail? first = null)
    {
        try
        {
            if (first is { } only) Handle(only);
            while (true)
            {
                RunMail mail;
                lock (_gate)
                {
                    if (_gone || IsFrozen || _mail is null || !_mail.TryDequeue(out mail))
                    {
                        _busy = false;
                        EnqueueIfNeeded();
                        return;
                    }
                }
                Handle(mail);
            }
        }
        catch (Exception e)
        {
            // A turn fails by itself; this is the mailbox. Nothing that is in memory can be relied on any more.
            _session.Surrender($"run {Id}", e);
        }
    }

    private void Put(in RunMail mail) => (_mail ??= new Queue<RunMail>()).Enqueue(mail);

    /// <summary>Leaves this process's memory without unwinding the code: nothing of it runs any more.</summary>
    private void Leave()
    {
        IEnumerable<RunMail> rest;
        List<RunningBody>? bodies;
        lock (_gate)
        {
            if (_gone) return;
            _gone = true;
            rest = _mail ?? Enumerable.Empty<RunMail>();
            bodies = _running.IsEmpty ? null : _running.ToList();
            _mail = null;
        }
        _session.Forget(this);
        _timer?.Clear();
        if (bodies is not null) foreach (var body in bodies) body.Abandon();
        _intake?.Return(_session.Activities);
        _inFlight?.Intake?.Return(_session.Activities);
        foreach (var mail in rest) Bounce(mail);
    }
}
