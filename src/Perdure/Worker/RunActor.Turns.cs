using Perdure.Authoring;
using Perdure.Formats;
using Perdure.Runtime;
using Perdure.Storage;

namespace Perdure.Worker;

/// <content>Mail becomes turns of the machine.</content>
internal sealed partial class RunActor
{
    private BodyList _running;
    private Intake? _intake;
    private RunMachine? _machine;
    private Blocking? _blocked;
    private long _seen;
    private readonly Blocking? _verdict;
    private Instant _timerSetFor = Instant.Never;
    private ResidentTimers.Entry? _timer;

    private Intake Taken => _intake ??= new Intake();

    private void Handle(in RunMail mail)
    {
        var now = LastActive = _session.Now;
        try
        {
            switch (mail.Kind)
            {
                case RunMailKind.Load:
                    Load();
                    break;
                case RunMailKind.Inbox:
                    TakeInbox((Inbox)mail.Subject!);
                    break;
                case RunMailKind.Idle:
                    _wantsRelease |= _machine is { HasBodies: false };
                    break;
                default:
                    if (_machine is not null && _blocked is null && !MustWait(_machine, mail, now)) HandleTurn(_machine, mail, now);
                    else Bounce(mail);
                    break;
            }
        }
        catch (BlockException e)
        {
            Block(e.Reason, e.Message);
        }
        catch (Exception e)
        {
            // A turn must never end the process: whatever the engine did not foresee stays with the run that met it.
            _session.Log.TurnFailed(Id, e);
            Block(RunBlockedReason.EngineError, Blocking.ByEngine(e).Detail);
        }
        StandStill();
        SetTimer();
    }

    private void HandleTurn(RunMachine machine, in RunMail mail, Instant now)
    {
        switch (mail.Kind)
        {
            case RunMailKind.BodyEnded:
                var ended = (RunningBody)mail.Subject!;
                lock (_gate) _running.Remove(ended);
                machine.BodyEnded(ended.Operation, (BodyOutcome)mail.Detail!, now);
                break;
            case RunMailKind.BodyRunsLong:
                var body = (RunningBody)mail.Subject!;
                if (!body.IsAbandoned) machine.BodyRunsLong(body.Operation, body.Attempt, body.StartedAt, now);
                break;
            case RunMailKind.Checkpoint:
                var (saving, wish) = ((RunningBody)mail.Subject!, (CheckpointWish)mail.Detail!);
                if (!saving.IsAbandoned && machine.SaveCheckpoint(saving.Operation, saving.Attempt, wish.Value, now)) Taken.Take(wish);
                else wish.Saved.TrySetCanceled();
                break;
            case RunMailKind.TaskEnded:
                var task = (RunningTask)mail.Subject!;
                var outcome = (BodyOutcome)mail.Detail!;
                if (machine.Reopened > 0 && task.Attempt.Token >> TokenBits <= machine.Reopened)
                {
                    // Of a life that is over: its row is gone, as the store will say.
                    _session.Activities.EndByRow(task, outcome);
                    break;
                }
                // The row must go even if the run no longer cares for the result.
                Taken.Take(task, outcome);
                machine.TaskEnded(task.Attempt.Operation, outcome, messageId: null, now);
                break;
            case RunMailKind.TaskCancelled:
                machine.TaskEnded(mail.Number, new BodyOutcome { Verdict = BodyVerdict.Cancelled, Attempt = 0 }, messageId: null, now);
                break;
            case RunMailKind.RequestExpired:
                machine.RequestExpired(mail.Number, now);
                break;
            case RunMailKind.Signal:
                var signal = (DirectSignal)mail.Subject!;
                // If messages in the inbox turn out to be older, the run must be loaded again. That may not cost what a body has done or is doing: then the
                // signal takes the way of rows.
                // At the limit of pending signals the store decides.
                if (machine.Ending is not null || machine.HasBodies || machine.Draft.Count > 0 && _intake is not { HasSignals: true }
                    || machine.BufferedSignals >= PerdureDefaults.MaxPendingSignals)
                {
                    signal.Answer.TrySetResult(false);
                    break;
                }
                // Noted first: a turn that blocks the run has taken the signal all the same.
                Taken.Take(signal);
                machine.SignalArrived(signal.Message.Id, signal.Message.Name, signal.Message.Payload, now);
                break;
            case RunMailKind.Due:
                machine.FireDue(now);
                break;
            case RunMailKind.Foreign:
                machine.CheckForeign();
                break;
        }
    }

    /// <summary>Mail for a run that is blocked, paused or gone: nothing of it is taken, and what must not be lost takes the way of rows.</summary>
    private void Bounce(in RunMail mail)
    {
        if (mail.Subject is DirectSignal signal) signal.Answer.TrySetResult(false);
        if (mail.Detail is CheckpointWish checkpoint) checkpoint.Saved.TrySetCanceled();
        if (mail is { Kind: RunMailKind.TaskEnded, Subject: RunningTask task, Detail: BodyOutcome outcome }) _session.Activities.EndByRow(task, outcome);
    }

    private void TakeInbox(Inbox inbox)
    {
        _readsInbox = false;
        if (_machine is { } machine && _blocked is null)
        {
            // A direct signal that is not written yet has overtaken these messages, or a child that may not be born past them. They stay unread, so that its bundle is refused and
            // the run loaded again, rows first.
            if ((_intake is { HasSignals: true } || machine.Draft.HeedsUnread) && inbox.Counter > _seen) return;
            // Of a run whose events the store has refused only the end is written: what was unread then, and all behind it, stays for its next life.
            if (_verdict is null) TakeMessages(machine, inbox.Messages);
        }
        else if (_blocked is { } blocked && inbox.Messages.Any(message => blocked.IsCalledBy(message.Kind)))
        {
            // It is given back due at once, so that the order is obeyed at its next claim.
            _blocked = blocked with { IsCalled = true };
        }
        _seen = Math.Max(_seen, inbox.Counter);
        if (_machine is { } reader && _blocked is null) ExpireBehindMessages(reader);
        ReleaseHeldBodies();
    }

    private void TakeMessage(RunMachine machine, InboxMessage message)
    {
        var now = _session.Now;
        // An order to end leaves no event while other messages hold the end up, so its row stays until the run is closed.
        if (message.Kind != MessageKind.Terminate) Taken.Take(message);
        switch (message.Kind)
        {
            case MessageKind.Signal:
                machine.SignalArrived(message.Id, message.Name, message.Payload, now);
                break;
            case MessageKind.TaskResult:
                var (operation, outcome) = TaskResultCodec.Read(message.Payload);
                machine.TaskEnded(operation, outcome, message.Id, now);
                break;
            case MessageKind.ChildEnd:
                var end = ChildEnd.Read(message.Payload);
                if (!machine.ChildEnded(end, now)) _session.Log.ChildUnawaited(end.Child, Id);
                break;
            case MessageKind.Answer:
                machine.Answered(message.Id, RequestAnswerJson.ReadMessage(message.Payload), now);
                break;
            case MessageKind.CancelWait:
                machine.WaitEnded(message.Id, RunJson.ReadWaitOrder(message.Payload), now);
                break;
            case MessageKind.Cancel:
                machine.CancelAsked(RunJson.ReadCancel(message.Payload), now);
                break;
            case MessageKind.Terminate:
                machine.Terminate(message.Payload.IsEmpty ? null : RunJson.ReadCancel(message.Payload).Reason);
                break;
            default:
                // A run that goes on need not be let go on, and an order to stand still that was lifted is none.
                break;
        }
    }

    private void Block(RunBlockedReason reason, string detail)
    {
        _blocked = new Blocking(reason, detail);
        _machine?.NoteBlocked(reason, detail, _session.Now);
        _session.Log.RunBlocked(Id, reason, detail);
        lock (_gate)
            foreach (var body in _running.ToList()) body.Abandon();
    }

    /// <summary>Tells the run of its bodies that have been running since <paramref name="since"/> or longer.</summary>
    public void NoticeLongBodies(Instant since)
    {
        // Most runs have none; what is missed here by a hair is seen the next time.
        if (_running.IsEmpty) return;
        List<RunningBody> bodies;
        lock (_gate) bodies = _running.ToList();
        foreach (var body in bodies)
        {
            if (body.IsToldLong || body.StartedAt > since) continue;
            body.IsToldLong = true;
            PostAside(new RunMail(RunMailKind.BodyRunsLong, body));
        }
    }

    private void SetTimer()
    {
        if (_machine is null || _blocked is not null || IsFrozen || _machine.IsSpent) return;
        var due = _pausedBy > 0 ? _machine.TimeLimit : _machine.NextDue;
        if (due.IsNever || _machine.Ending is not null || due == _timerSetFor) return;
        // A long sleeper is given back instead: the store wakes it.
        if (_machine.IsOnlySleeping && due > _session.Now.Add(_session.Settings.KeepWarm)) return;
        _timerSetFor = due;
        _timer?.Clear();
        _timer = _session.Timers.Set(this, due);
    }
}
