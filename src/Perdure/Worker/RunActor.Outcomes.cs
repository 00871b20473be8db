using Perdure.Journal;
using Perdure.Runtime;
using Perdure.Storage;

namespace Perdure.Worker;

/// <content>What became of a bundle: the outside sees of it when it is durable, and not before.</content>
internal sealed partial class RunActor
{
    void IBundleSource.Committed(in BundleOutcome outcome, Instant now)
    {
        InFlight flight;
        lock (_gate)
        {
            if (_inFlight is null || _gone) return;
            flight = _inFlight;
            var bundle = flight.Bundle;
            if (bundle.Birth is not null && outcome.Birth.Verdict == BirthVerdict.Created) _confirmed = bundle.Birth.Events.Count;
            _confirmed += bundle.Events.Count;
            if (bundle.Row is { } row)
            {
                (_storedStatus, _storedPhase, _storedDue) = (row.Status, row.Phase, outcome.Inbox > bundle.Seen ? now : row.DueAt);
                if (row.ClearCrashes) _crashes = 0;
            }
            if (bundle.Close?.Published is not null && !outcome.Closed) _machine!.Draft.PublishedChanged = true;
            _readsInbox |= outcome.Inbox > bundle.Seen;
            _inFlight = null;
        }
        _session.News.Tell(Id);
        if (flight.Bundle.Row is { ClearCrashes: true }) _session.Suspects.Leave(this);
        if (flight.Bundle.Birth is not null && !Born(outcome.Birth)) return;
        flight.Intake?.Confirm();
        if (flight.Intake is { FreesSlots: true } || _holdsSlot && (outcome.Closed || outcome.Released)) _session.SlotsFreed();
        for (var i = 0; i < flight.Tasks.Count; i++) _session.Activities.Begin(flight.Tasks[i]);
        if (flight.Draft is not null) foreach (var body in flight.Draft.CancelBodies) CancelBody(body);
        if (flight.Bundle.NewTasks.Count > flight.Tasks.Count) _session.NoticeTasks();
        if (flight.Bundle.Children.Count > 0) _session.NoticeRuns();
        if (flight.Bundle.Messages.Count > 0) _session.NoticeMessages(flight.Bundle.Messages);
        if (outcome.Closed)
        {
            if (outcome.EndUnheard) _session.Log.ChildUnheard(Id, (_machine?.Seed.Settings.Parent ?? _unreadParent)?.Id ?? "");
            // In this order: whoever begins to watch and still finds the run here must be told.
            Leave();
            _session.Endings.Publish(Id, flight.Bundle.Close!);
            _session.NoticeMessages(flight.Bundle.Close!.Messages);
            if (flight.Bundle.Close.Successor is not null) _session.NoticeRuns();
            return;
        }
        if (outcome.Released)
        {
            Leave();
            _session.NoticeDue(flight.Bundle.Row!.DueAt);
            return;
        }
        if (outcome.CancelledTasks is { } cancelled)
            foreach (var operation in cancelled)
                lock (_gate) Put(new RunMail(RunMailKind.TaskCancelled, Number: operation));
        if (outcome.ExpiredRequests is { } expired) TakeExpired(expired, outcome.Inbox, hasUnread: outcome.Inbox > flight.Bundle.Seen);
        if (flight.Draft is not null) Begin(flight.Draft.Bodies, now, hold: outcome.Inbox > flight.Bundle.Seen);
        if (outcome.Inbox > flight.Bundle.Seen) _session.ReadInbox(Key);
        lock (_gate)
        {
            if (flight.Bundle.Row is { Status: RunStatus.Suspended })
            {
                Rest();
                _session.Rests();
            }
            else if (flight.Draft is { } written) _machine?.GiveBack(written);
            if (!_busy && _mail is null or { Count: 0 })
            {
                EnqueueIfNeeded();
                return;
            }
        }
        Schedule();
    }

    /// <summary>A run that waits may do so for long: what it makes anew as easily is let go.</summary>
    private void Rest()
    {
        if (_mail is { Count: 0 }) _mail = null;
        if (!_busy) _machine?.Rest();
    }

    void IBundleSource.Refused(RefusalReason reason)
    {
        if (reason == RefusalReason.TooEarly)
        {
            SendAgain();
            return;
        }
        if (reason == RefusalReason.QueueHeld && TryQueue()) return;
        DropReservations();
        var birth = _birthAnswer;
        // A birth that was refused was not written; its starter tries the way of rows.
        if (birth is null)
        {
            LeaveToReload(verdict: null);
            return;
        }
        Leave();
        birth.TrySetException(new WorkerFencedException());
    }

    /// <summary>A timer fired before its time by the store's clock. Nothing else is wrong with the bundle, and bodies may be running: it is sent again when its time has come.</summary>
    private void SendAgain()
    {
        lock (_gate)
        {
            if (_gone || _inFlight is null) return;
            _sendsAgain = true;
            _session.Timers.Set(this, _inFlight.Bundle.NotBefore);
        }
    }

    void IBundleSource.Poisoned(StoreException reason)
    {
        DropReservations();
        // A store that was restored from a backup hands out keys that are taken.
        if (_inFlight is { Bundle: { Children.Count: > 0 } or { Close.Successor: not null } }) _session.Keys.Discard();
        var birth = _birthAnswer;
        if (birth is null)
        {
            LeaveToReload(new Blocking(RunBlockedReason.StoreRefused, reason.Message));
            return;
        }
        Leave();
        birth.TrySetException(reason);
    }

    void IBundleSource.Failed(Exception reason)
    {
        _session.Log.TurnFailed(Id, reason);
        var (birth, isHopeless) = (_birthAnswer, _verdict is not null);
        if (birth is null && !isHopeless)
        {
            LeaveToReload(Blocking.ByEngine(reason));
            return;
        }
        Leave();
        // Even that it is blocked cannot be written: then this worker is of no use to it.
        if (isHopeless) _session.Surrender($"run {Id}", reason);
        else birth!.TrySetException(new WorkerFencedException());
    }

    void IBundleSource.Fenced()
    {
        DropReservations();
        _birthAnswer?.TrySetException(new WorkerFencedException());
        Leave();
    }

    /// <summary>Tells the starter what became of the birth. False: another run holds its key, and this one never existed.</summary>
    private bool Born(in BirthOutcome outcome)
    {
        var answer = _birthAnswer;
        var created = outcome.Verdict == BirthVerdict.Created;
        if (created && _machine is null) lock (_gate)
        {
            _claimed = ClaimOf(_birth!);
            Put(new RunMail(RunMailKind.Load));
        }
        (_birth, _birthAnswer) = (null, null);
        if (!created) Leave();
        answer?.TrySetResult(outcome);
        return created;
    }

    private void DropReservations()
    {
        lock (_gate)
            if (_inFlight is not null)
                foreach (var task in _inFlight.Tasks) _session.Activities.Cancel(task);
    }
}
