using Perdure.Authoring;
using Perdure.Formats;
using Perdure.Storage;

namespace Perdure.Runtime;

/// <content>Turns: an event is appended, applied, and the code runs until it is blocked. Replay takes the same way without appending.</content>
internal sealed partial class RunMachine
{
    /// <summary>One live turn.</summary>
    private void Turn(in EventRecord e, bool deferrable = false)
    {
        Apply(_history.Append(e, _now, deferrable));
        HandOverCarried();
        SettleData();
        EndTurn();
    }

    /// <summary>
    /// Writes an event that the code causes during a turn. On replay it must be the next recorded one, whose stored values are then taken.
    /// </summary>
    private EventRecord Emit(in EventRecord e, Operation? operation, out bool isNew)
    {
        isNew = IsBeyondRecord();
        if (isNew) return _history.Append(operation?.Place is { } place && EventKinds.TellsPlace(e) ? e with { Place = place } : e, _now);
        ref readonly var recorded = ref _recording.Next;
        if (recorded.Kind != e.Kind || recorded.Operation != e.Operation || recorded.Name != e.Name || operation is not null && !FitsPlace(operation, recorded))
            throw Stop(Diverged(recorded, operation?.ToString() ?? $"{e.Kind} \"{e.Name}\" (operation {e.Operation})"));
        _recording.Take();
        return recorded;
    }

    private void Apply(in EventRecord e)
    {
        _turnTime = e.At;
        _turnSequence = e.Sequence;
        _turnLosses = e.Losses + _turnBlocks;
        switch (e.Kind)
        {
            case EventKind.WorkflowStarted:
                BeginData();
                Enter(e);
                break;
            case EventKind.StepStarted:
                var started = Expect<BodyOperation>(e);
                started.StartRecorded = true;
                started.LastAttempt = e.Attempt - 1;
                started.KnownLosses = _turnLosses;
                break;
            case EventKind.StepCompleted or EventKind.ActivityCompleted:
                var completed = Expect<BodyOperation>(e);
                CountLossesBehind(completed);
                Complete(completed, e);
                break;
            case EventKind.StepFailed or EventKind.ActivityFailed or EventKind.ActivityTimedOut:
                ApplyFailure(Expect<BodyOperation>(e), e);
                break;
            case EventKind.ActivityCancelled:
                var cancelled = Expect<BodyOperation>(e);
                Fail(cancelled, CancelledException(cancelled, e));
                break;
            case EventKind.SleepCompleted or EventKind.WaitTimedOut:
                Complete(Expect<Operation>(e), e);
                break;
            case EventKind.SignalReceived when e.Operation == EventRecord.NoOperation:
                _signals.Add(e);
                break;
            case EventKind.SignalReceived:
                Complete(Expect<WaitOperation>(e), e);
                break;
            case EventKind.HookReceived or EventKind.HookExpired or EventKind.InputProvided or EventKind.InputTimedOut:
                ApplyAnswer(e);
                break;
            case EventKind.WaitCancelled or EventKind.InputCancelled or EventKind.HookDisposed:
                ApplyWaitEnd(e);
                break;
            case EventKind.CancelRequested:
                ApplyCancel(e);
                break;
            case EventKind.ChildCompleted or EventKind.ChildFailed or EventKind.ChildCancelled:
                ApplyChildEnd(e);
                break;
        }
    }

    private void Enter(in EventRecord e)
    {
        _attempt = Math.Max(1, e.Attempt);
        _attemptDue = Instant.Never;
        _pump.Run(static machine => machine._main = machine._workflow!.Enter(machine._context, machine._input, machine._kit.Codec, machine._kit.Services), this);
        _input = default;
        ThrowIfBlocked();
    }

    private void ApplyCancel(in EventRecord e)
    {
        _cancellation = Cancellation.Read(e, codeHadEnded: _main is { IsCompleted: true } || _next is not null);
        if (_main is null || IsSpent)
        {
            EndUnentered();
            return;
        }
        if (_cancellation.CodeHadEnded)
        {
            // The request was recorded before the end of the run, so it wins over a result, of which nobody knows yet.
            if (Ending is { Status: RunStatus.Completed or RunStatus.ContinuedAsNew }) Ending = RunEnding.Stopped(_cancellation, _deadline);
            return;
        }
        _pump.Complete(static context => context.FireCancellation(), _context);
        ThrowIfBlocked();
        var waiting = new List<Operation>();
        for (var i = 0; i < _open.Count; i++)
            if (_open[i] is ChildOperation || _open[i] is not BodyOperation && !_open[i].Shielded) waiting.Add(_open[i]);
        foreach (var operation in waiting)
        {
            if (operation.IsDone) continue;
            if (operation is ChildOperation child)
            {
                // The child goes on, and whoever is shielded may still wait for it.
                _pump.Complete(static s => s.child.Interrupt(s.exception), (child, exception: CancelledException()));
                ThrowIfBlocked();
                continue;
            }
            EmitCancelled(operation);
            Fail(operation, CancelledException());
        }
    }

    private void EmitCancelled(Operation operation)
    {
        Emit(new EventRecord { Kind = CancelEventOf(operation), Operation = operation.Number, Name = operation.Name, Source = operation.SourceText }, operation, out var isNew);
        if (isNew && operation is RequestOperation request) Draft.WithdrawRequest(request.Row);
    }

    private static EventKind CancelEventOf(Operation operation) => operation switch
    {
        SleepOperation => EventKind.SleepCancelled,
        RequestOperation request => request.CancelEvent,
        _ => EventKind.WaitCancelled,
    };

    private void Complete(Operation operation, in EventRecord outcome)
    {
        Close(operation);
        _checkpoints?.Drop(operation.Number, operation.Name);
        if (operation is BodyOperation || outcome.Kind == EventKind.ChildCompleted) LastCompleted = new CompletedStep(operation.Number, operation.Name, outcome.Attempt);
        _pump.Complete(operation, outcome, _kit.Codec);
        ThrowIfBlocked();
    }

    private void Fail(Operation operation, Exception exception)
    {
        Close(operation);
        _pump.Complete(static s => s.operation.Fail(s.exception), (operation, exception));
        ThrowIfBlocked();
    }

    private void Close(Operation operation)
    {
        operation.Close();
        if (operation is BodyOperation body) body.Stage = BodyStage.Done;
        _open.Remove(operation);
    }

    /// <summary>Ends a live turn: asks for bodies, sees whether the code has ended or waits for nothing that can come.</summary>
    private void EndTurn()
    {
        WithdrawSuperseded();
        RequestBodies();
        CheckForeign();
        if (_main is null || Ending is not null || IsSpent) return;
        if (_main.IsCompleted) EndCode();
        else if (_next is not null && !_open.HasLocalBody) EndByContinuing();
        else if (_open.Count == 0) throw ForeignAwait("The code is blocked, but on nothing that the engine knows.");
        CheckLength();
    }

    private void CheckLength()
    {
        if (EventCount < _nextWarning || Ending is not null || IsSpent) return;
        if (EventCount >= _kit.HistoryLimit)
            throw new BlockException(RunBlockedReason.HistoryLimit,
                $"The history has reached {EventCount} events (limit {_kit.HistoryLimit}). Raise the limit and resume the run, or let the workflow do less in one run.");
        if (EventCount >= _kit.HistoryWarning) RuntimeLog.HistoryIsLong(_kit.Logger, _seed.Id, EventCount, _kit.HistoryLimit);
        SetNextWarning();
    }

    /// <summary>The next length of the history at which something is to be said.</summary>
    private void SetNextWarning()
    {
        var said = EventCount < _kit.HistoryWarning ? -1 : (EventCount - _kit.HistoryWarning) / _kit.HistoryWarningEvery;
        _nextWarning = Math.Min(_kit.HistoryLimit, _kit.HistoryWarning + (said + 1) * _kit.HistoryWarningEvery);
    }

    /// <summary>The code has returned: what it left behind is settled first, then the run ends or another attempt is planned.</summary>
    private void EndCode()
    {
        if (_open.HasLocalBody) return;
        if (TryReturn() is not { } exception) return;
        if (exception is CompensationFailedException undone)
        {
            Ending = RunEnding.CompensationFailed(undone.Failure);
            return;
        }
        // A cleanup whose activity somebody has withdrawn has failed, as with any other failure of it.
        if (_cancellation is { } cancellation && (cancellation.IsTimeout || !cancellation.CodeHadEnded && exception is OperationCanceledException and not ActivityWithdrawnException))
        {
            Ending = RunEnding.Stopped(cancellation, _deadline, _hasCompensated);
            return;
        }
        var failure = Failure.From(exception, _kit.Codec);
        if (NextAttemptPolicy(exception, failure) is not { } retry) Ending = RunEnding.Failed(failure with { Compensated = _hasCompensated });
        else if (!WithdrawTasks()) PlanNextAttempt(retry, failure);
    }

    /// <summary>Ends the run if its code has returned something that can be stored; else gives the exception.</summary>
    private Exception? TryReturn()
    {
        try
        {
            _main!.GetAwaiter().GetResult();
            if (_cancellation is { } asked && (asked.CodeHadEnded || asked.IsTimeout)) Ending = RunEnding.Stopped(asked, _deadline);
            // Converters of a result are the author's code too, and run as such.
            else _pump.Run(static machine => machine.Return(), this);
            return null;
        }
        catch (UndecodablePayloadException e)
        {
            throw new BlockException(RunBlockedReason.UndecodablePayload, e.Message);
        }
        catch (UnknownTimeZoneException e)
        {
            throw new BlockException(RunBlockedReason.UnknownTimeZone, e.Message);
        }
        catch (Exception e) when (e is not BlockException)
        {
            return e;
        }
    }

    private void Return() =>
        Ending = RunEnding.Completed(_workflow!.ResultOf(_main!, _kit.Codec), _cancellation is null ? _leftOver : EndNotes.CancelIgnored);

    /// <summary>The policy under which the workflow is tried again, or null.</summary>
    private RetryPolicy? NextAttemptPolicy(Exception exception, Failure failure) =>
        _cancellation is null && _seed.Settings.Retry is { } retry && _failedAttempts + 1 < retry.MaxAttempts
        && !NonRetryableErrors.Contains(retry, exception) && !RetryVerdict.Lists(retry, failure.Code)
            ? retry
            : null;

    /// <summary>Withdraws queued activities that nobody waits for any more. True: some are still under way.</summary>
    private bool WithdrawTasks()
    {
        var busy = false;
        for (var i = 0; i < _open.Count; i++)
        {
            if (_open[i] is not BodyOperation { IsLocal: false } queued) continue;
            busy = true;
            Withdraw(queued);
        }
        return busy;
    }

    private void PlanNextAttempt(RetryPolicy retry, Failure failure)
    {
        IsSpent = true;
        _failedAttempts++;
        _attemptDue = Instant.Max(_now, _history.LastAt).Add(_kit.ClockError() + retry.DelayAfter(_failedAttempts, _kit.Jitter()));
        _history.Append(new EventRecord
        {
            Kind = EventKind.WorkflowRetryScheduled, Attempt = _attempt + 1, Due = _attemptDue, Note = retry.Strategy, Data = failure.Encode(),
        }, _now);
    }

    /// <summary>A run that was asked to stop before its code, or before the next attempt of it, was entered.</summary>
    private void EndUnentered()
    {
        if (_cancellation is not null) Ending ??= RunEnding.Stopped(_cancellation, _deadline);
    }

    /// <summary>The run cannot go on. Told to the code too, which must not go on either: what it asks for from now on is refused.</summary>
    private BlockException Stop(BlockException block)
    {
        _kit.Progress?.Stop();
        return _block ??= block;
    }

    private void ThrowIfBlocked()
    {
        if (_block is not null) throw _block;
    }
}
