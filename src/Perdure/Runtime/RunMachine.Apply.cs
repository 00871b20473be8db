using System.Globalization;
using Perdure.Authoring;
using Perdure.Formats;
using Perdure.Storage;

namespace Perdure.Runtime;

/// <content>Turns: an event is appended, applied, and the code runs until it is blocked. Replay takes the same way without appending.</content>
internal sealed partial class RunMachine
{
    private ReadOnlyMemory<byte> _retryDetails;

    /// <summary>One live turn.</summary>
    private void Turn(EventRecord e, bool deferrable = false)
    {
        e = Append(e, deferrable);
        Apply(e);
        while (TryCarry()) { }
        EndTurn();
    }

    /// <summary>Adds an event to the history.</summary>
    private EventRecord Append(EventRecord e, bool deferrable = false)
    {
        _lastAt = Instant.Max(_now, _lastAt);
        e = e with { Sequence = _next++, At = _lastAt, Losses = _seed.Losses };
        _checksum = _draft.Append(e, _checksum, deferrable);
        return e;
    }

    /// <summary>
    /// Writes an event that the code causes during a turn. On replay it must be the next recorded one, whose stored values are then taken.
    /// </summary>
    private EventRecord Emit(EventRecord e, Operation? operation, out bool isNew)
    {
        SkipNeutral();
        if (_cursor < _recorded.Length)
        {
            var recorded = _recorded[_cursor];
            if (recorded.Kind != e.Kind || recorded.Operation != e.Operation || recorded.Name != e.Name)
                throw Diverged(recorded, operation?.ToString() ?? $"{e.Kind} \"{e.Name}\" (operation {e.Operation})");
            _cursor++;
            isNew = false;
            return recorded;
        }
        isNew = true;
        return Append(e);
    }

    private void Apply(in EventRecord e)
    {
        _turnTime = e.At;
        _turnLosses = e.Losses + _blocks;
        switch (e.Kind)
        {
            case EventKind.WorkflowStarted:
                _attempt = Math.Max(1, e.Attempt);
                _attemptDue = Instant.Never;
                _pump.Run(static machine => machine._main = machine.EnterAsync(), this);
                break;
            case EventKind.StepStarted:
                var started = Expect<BodyOperation>(e);
                started.StartRecorded = true;
                started.LastAttempt = e.Attempt - 1;
                started.KnownLosses = e.Losses + _blocks;
                break;
            case EventKind.StepCompleted or EventKind.ActivityCompleted:
                var completed = Expect<BodyOperation>(e);
                // Behind a Deferred outcome a body may have begun before that outcome was durable, and with it be forgotten: losses count from where the last durable turn was.
                if (completed.Deferred) _turnLosses = Math.Min(_turnLosses, completed.IssuedLosses);
                Complete(completed, e);
                break;
            case EventKind.StepFailed or EventKind.ActivityFailed or EventKind.ActivityTimedOut:
                ApplyFailure(Expect<BodyOperation>(e), e);
                break;
            case EventKind.ActivityCancelled:
                Fail(Expect<BodyOperation>(e), Cancellation());
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
            case EventKind.CancelRequested:
                ApplyCancel(e);
                break;
        }
    }

    private void ApplyFailure(BodyOperation operation, in EventRecord e)
    {
        operation.LastAttempt = e.Attempt;
        operation.KnownLosses = e.Losses + _blocks;
        operation.StartRecorded = false;
        if (e.Note != FailureNotes.Retryable)
        {
            Fail(operation, e.Note == FailureNotes.Cancelled ? Cancellation() : FailureExceptions.For(operation, e));
            return;
        }
        operation.Failures++;
        var due = _retryDue ?? e.At.Add(operation.Retry.DelayAfter(operation.Failures, _kit.Jitter()));
        _retryDue = null;
        var retry = Emit(new EventRecord
        {
            Kind = operation.Kind == OperationKind.Step ? EventKind.StepRetryScheduled : EventKind.ActivityRetryScheduled,
            Operation = operation.Number, Name = operation.Name, Attempt = e.Attempt + 1, Due = due, Source = SourceOf(operation), Note = operation.Retry.Strategy,
        }, operation, out var isNew);
        operation.Due = retry.Due;
        if (operation is ActivityOperation { Local: null } activity)
        {
            operation.Due = Instant.Never;
            if (isNew) _draft.Tasks.Add(new TaskWish(activity, retry.Due, e.Attempt, _retryDetails));
            return;
        }
        operation.Stage = BodyStage.RetryWait;
        _timers.Set(operation);
    }

    private void ApplyCancel(in EventRecord e)
    {
        // Live, the end of the code was seen before the request came.
        if (_loading && _main is { IsCompleted: true } && Ending is null) EndCode();
        _cancel = RunJson.ReadCancel(e.Data);
        _cancelledAt = e.At;
        if (_main is null)
        {
            EndIfNeverEntered();
            return;
        }
        if (Ending is { Status: RunStatus.Completed })
        {
            // The code ended without knowing; the request was recorded first, so it wins.
            Ending = CancelledEnding();
            return;
        }
        _pump.Complete(static context => context.FireCancellation(), _context);
        var waiting = new List<Operation>();
        for (var i = 0; i < _open.Count; i++)
            if (_open[i] is not BodyOperation && !_open[i].Shielded) waiting.Add(_open[i]);
        foreach (var operation in waiting)
        {
            if (operation.IsDone) continue;
            Emit(new EventRecord
            {
                Kind = operation is SleepOperation ? EventKind.SleepCancelled : EventKind.WaitCancelled,
                Operation = operation.Number, Name = operation.Name, Source = SourceOf(operation),
            }, operation, out _);
            Fail(operation, Cancellation());
        }
    }

    private void Complete(Operation operation, in EventRecord outcome)
    {
        operation.SetOutcome(outcome);
        if (operation is BodyOperation body)
        {
            body.Stage = BodyStage.Done;
            body.LastAttempt = outcome.Attempt;
        }
        _open.Remove(operation);
        _pump.Complete(static s => s.operation.CompleteFromRecord(s.Codec), (operation, _kit.Codec));
    }

    private void Fail(Operation operation, Exception exception)
    {
        operation.Close();
        if (operation is BodyOperation body) body.Stage = BodyStage.Done;
        _open.Remove(operation);
        _pump.Complete(static s => s.operation.Fail(s.exception), (operation, exception));
    }

    /// <summary>Ends a live turn: asks for bodies, sees whether the code has ended or waits for nothing that can come.</summary>
    private void EndTurn()
    {
        if (_loading) return;
        RequestBodies();
        CheckForeign();
        if (_main is null || Ending is not null || _spent) return;
        if (_main.IsCompleted) EndCode();
        else if (_open.Count == 0) throw ForeignAwait("The code is blocked, but on nothing that the engine knows.");
        if (_next >= _kit.HistoryLimit && Ending is null)
            throw new BlockException(RunBlockedReason.HistoryLimit,
                $"The history has reached {_next} events (limit {_kit.HistoryLimit}). Raise the limit and resume the run, or let the workflow do less in one run.");
    }

    private void RequestBodies()
    {
        for (var i = 0; i < _wanting.Count; i++)
        {
            var body = _wanting[i];
            if (body.IsDone || body.Stage != BodyStage.Ready) continue;
            if (_cancel is not null && !body.Shielded)
            {
                StopBody(body);
                continue;
            }
            if (body.AtMostOnce && body.StartRecorded)
            {
                StepTurn(body, new BodyOutcome { Verdict = BodyVerdict.Unknown, Attempt = body.LastAttempt + 1, Failure = FailureExceptions.OutcomeUnknown(body) });
                continue;
            }
            body.CurrentAttempt = body.LastAttempt + 1 + (_seed.Losses + _blocks - body.KnownLosses);
            body.Stage = BodyStage.Running;
            if (body.AtMostOnce)
            {
                Append(new EventRecord
                {
                    Kind = EventKind.StepStarted, Operation = body.Number, Name = body.Name, Attempt = body.CurrentAttempt, Source = SourceOf(body),
                });
                body.StartRecorded = true;
            }
            _draft.Bodies.Add(body);
        }
        _wanting.Clear();
    }

    /// <summary>The code has returned: what it left behind is settled first, then the run ends or another attempt is planned.</summary>
    private void EndCode()
    {
        for (var i = 0; i < _open.Count; i++)
            if (_open[i] is BodyOperation body && IsLocal(body)) return;
        var failure = FailureOfCode(out var cancelled, out var final);
        if (failure is not null && !cancelled && !final && _cancel is null && NextAttemptPolicy(failure) is { } retry)
        {
            if (_loading || WithdrawTasks()) return;
            _failedAttempts++;
            _spent = true;
            _attemptDue = Instant.Max(_now, _lastAt).Add(retry.DelayAfter(_failedAttempts, _kit.Jitter()));
            Append(new EventRecord
            {
                Kind = EventKind.WorkflowRetryScheduled, Attempt = _attempt + 1, Due = _attemptDue, Note = retry.Strategy, Data = failure.Encode(),
            });
            return;
        }
        Ending = failure is null
            ? _cancel is { Cause: CancellationCause.Timeout } ? CancelledEnding() : new RunEnding(RunStatus.Completed, _main!.Result, null, CancelIgnored: _cancel is not null)
            : cancelled || _cancel is { Cause: CancellationCause.Timeout } ? CancelledEnding() : new RunEnding(RunStatus.Failed, default, failure, CancelIgnored: false);
    }

    /// <summary>The policy under which the workflow is tried again after <paramref name="failure"/>, or null.</summary>
    private RetryPolicy? NextAttemptPolicy(Failure failure) =>
        _seed.Settings.Retry is { } retry && _failedAttempts + 1 < retry.MaxAttempts && !retry.NonRetryable.Contains(failure.Code) ? retry : null;

    /// <summary>Withdraws queued activities that nobody waits for any more. True: some are still under way.</summary>
    private bool WithdrawTasks()
    {
        var busy = false;
        for (var i = 0; i < _open.Count; i++)
        {
            if (_open[i] is not ActivityOperation { Local: null } activity) continue;
            busy = true;
            if (activity.CancelSent) continue;
            activity.CancelSent = true;
            _draft.CancelTasks.Add(activity.Number);
        }
        return busy;
    }

    private Failure? FailureOfCode(out bool cancelled, out bool final)
    {
        cancelled = final = false;
        if (_main!.IsCompletedSuccessfully) return null;
        var exception = _main.Exception?.InnerException ?? new TaskCanceledException(_main);
        if (exception is BlockException block) throw block;
        if (exception is UndecodablePayloadException undecodable) throw new BlockException(RunBlockedReason.UndecodablePayload, undecodable.Message);
        cancelled = _cancel is not null && exception is OperationCanceledException;
        var failure = Failure.From(exception, _kit.Codec);
        final = NonRetryableErrors.Contains(_seed.Settings.Retry ?? RetryPolicy.None, exception);
        return failure;
    }

    private RunEnding CancelledEnding() => _cancel!.Cause == CancellationCause.Timeout
        ? new RunEnding(RunStatus.TimedOut, default, TimeoutFailure(), CancelIgnored: false)
        : new RunEnding(RunStatus.Cancelled, default, new Failure(ErrorCodes.RunCancelled, _cancel.Reason ?? RunEnding.Cancelled), CancelIgnored: false);

    private void EndIfNeverEntered()
    {
        if (_cancel is not null && _main is null) Ending ??= CancelledEnding();
    }

    private void BeginAttempt() => Turn(new EventRecord { Kind = EventKind.WorkflowStarted, Attempt = _attempt });

    private async Task<ReadOnlyMemory<byte>> EnterAsync()
    {
        // Set inside an async method, so that it stays within the workflow's own flow.
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        return await _workflow!.RunAsync(_context, _seed.Input, _kit.Codec, _kit.Services);
    }

    private OperationCanceledException Cancellation() => _cancel is null
        ? new OperationCanceledException("The workflow cancelled this operation.")
        : new WorkflowCancelledException(_cancel.Reason, _cancel.Cause);
}
