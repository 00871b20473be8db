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
internal sealed partial class RunActor : IBundleSource
{
    private readonly Lock _gate = new();
    private readonly WorkerSession _session;
    private readonly Queue<RunMail> _mail = new();
    private bool _busy;
    private bool _enqueued;
    private bool _gone;

    public RunActor(WorkerSession session, ClaimedRun claimed, Blocking? verdict = null)
    {
        _verdict = verdict;
        _session = session;
        (Key, Id, _row, _term) = (claimed.Row.Key, claimed.Row.Id, claimed.Row, claimed.Row.Term);
        _claimed = claimed;
        _storedStatus = claimed.Row.Status;
        _storedPhase = claimed.Row.Phase;
        _storedDue = claimed.Row.DueAt;
        _seen = claimed.Row.Inbox;
    }

    /// <summary>A run that is being born in this process.</summary>
    public RunActor(WorkerSession session, RunBirth birth, TaskCompletionSource<BirthOutcome> answer)
    {
        _session = session;
        (Key, Id, _term, _birth, _birthAnswer) = (birth.Key, birth.Id, 1, birth, answer);
        _row = Rows.Of(birth, session.Worker);
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

    /// <summary>When anything last happened here.</summary>
    public Instant LastActive { get; private set; }

    /// <summary>Takes mail; handles it at once on this thread unless another is at it. False: the run has left this process.</summary>
    public bool Post(in RunMail mail)
    {
        lock (_gate)
        {
            if (_gone) return false;
            _mail.Enqueue(mail);
            if (_busy || IsFrozen) return true;
            _busy = true;
        }
        Drain();
        return true;
    }

    /// <summary>Takes mail that is handled on the pool, not on the caller's thread.</summary>
    public bool PostAside(in RunMail mail)
    {
        lock (_gate)
        {
            if (_gone) return false;
            _mail.Enqueue(mail);
        }
        Schedule();
        return true;
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
            if (_gone || _busy || IsFrozen || _mail.Count == 0 && !HasMoreToWrite) return;
            _busy = true;
        }
        _session.Scheduler.Post(static actor => ((RunActor)actor!).Drain(), this);
    }

    private void Drain()
    {
        try
        {
            while (true)
            {
                RunMail mail;
                lock (_gate)
                {
                    if (_gone || IsFrozen || !_mail.TryDequeue(out mail))
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

    /// <summary>Leaves this process's memory without unwinding the code: nothing of it runs any more.</summary>
    private void Leave()
    {
        List<RunMail> rest;
        List<RunningBody> bodies;
        lock (_gate)
        {
            if (_gone) return;
            _gone = true;
            rest = [.. _mail];
            bodies = [.. _running.Values];
            _mail.Clear();
        }
        _session.Forget(this);
        _timer?.Clear();
        foreach (var body in bodies) body.Abandon();
        // What was handed over in memory and never became durable goes the way of rows.
        foreach (var answer in _draftAnswers) answer.Answer.TrySetResult(false);
        if (_inFlight is not null)
            foreach (var answer in _inFlight.Answers) answer.Answer.TrySetResult(false);
        foreach (var mail in rest)
        {
            if (mail.Subject is DirectSignal signal) signal.Answer.TrySetResult(false);
            if (mail is { Kind: RunMailKind.TaskEnded, Subject: RunningTask task, Detail: BodyOutcome outcome }) _session.Activities.EndByRow(task, outcome);
        }
        if (_inFlight is not null)
            foreach (var (task, outcome) in _inFlight.EndedTasks) _session.Activities.EndByRow(task, outcome);
        foreach (var (task, outcome) in _draftTasks) _session.Activities.EndByRow(task, outcome);
    }
}
