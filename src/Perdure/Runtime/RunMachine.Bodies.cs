using Perdure.Authoring;
using Perdure.Formats;
using Perdure.Storage;

namespace Perdure.Runtime;

/// <content>Attempts of steps and activities: asked for at the end of a turn, ended by an outcome, repeated or stopped.</content>
internal sealed partial class RunMachine
{
    private List<BodyOperation>? _wanting;

    /// <summary>An attempt of a body ended. False: it is not the current attempt any more, its outcome is dropped.</summary>
    public bool BodyEnded(BodyOperation operation, BodyOutcome outcome, Instant now)
    {
        if (_isHalted || operation.IsDone || operation.Stage != BodyStage.Running || outcome.Attempt != operation.CurrentAttempt) return false;
        operation.Stage = BodyStage.Ready;
        _now = now;
        EndAttempt(operation, outcome, messageId: null);
        return true;
    }

    /// <summary>A body has been running for long: it becomes visible in the history.</summary>
    public void BodyRunsLong(BodyOperation operation, int attempt, Instant startedAt, Instant now)
    {
        if (_isHalted || operation.IsDone || operation.Stage != BodyStage.Running || operation.CurrentAttempt != attempt || operation.StartRecorded) return;
        _now = now;
        Turn(new EventRecord
        {
            Kind = operation.Kind == OperationKind.Step ? EventKind.StepStarted : EventKind.ActivityStarted,
            Operation = operation.Number, Undoes = operation.Undoes, Name = operation.Name, Attempt = attempt, Source = operation.SourceText, Note = startedAt.ToString(),
            Place = operation.Kind == OperationKind.Step ? operation.Place : null,
        });
        operation.StartRecorded = true;
    }

    /// <summary>A queued activity ended. False: it is over already, the run is about to end, the outcome is of an attempt before, or the message is known.</summary>
    public bool TaskEnded(int operation, BodyOutcome outcome, string? messageId, Instant now)
    {
        if (messageId is not null && !Note(messageId, Instant.Earliest)) return false;
        // A run that is about to end asks for nothing more, so what its code left behind has nobody to go on.
        if (Ending is not null || _open.Find(operation) is not ActivityOperation { IsLocal: false } activity) return false;
        // One that was withdrawn before it began has no attempt.
        if (outcome.Attempt != 0 && outcome.Attempt <= activity.LastAttempt) return false;
        _now = now;
        EndAttempt(activity, outcome, messageId);
        return true;
    }

    private void EndAttempt(BodyOperation operation, BodyOutcome outcome, string? messageId)
    {
        var isStep = operation.Kind == OperationKind.Step;
        // That an activity began becomes known together with its outcome, unless it took so long that it was told before.
        if (!isStep && outcome.StartedAt > Instant.Earliest && !operation.StartRecorded)
            _history.Append(new EventRecord
            {
                Kind = EventKind.ActivityStarted, Operation = operation.Number, Name = operation.Name, Attempt = outcome.Attempt,
                Note = outcome.StartedAt.ToString(), Data = RunJson.Write(new ActivityStart(outcome.Worker)),
            }, _now);
        if (outcome.Verdict == BodyVerdict.Completed)
        {
            Turn(new EventRecord
            {
                Kind = isStep ? EventKind.StepCompleted : EventKind.ActivityCompleted, Operation = operation.Number, Undoes = operation.Undoes, Name = operation.Name,
                Attempt = outcome.Attempt, Source = operation.SourceText, Note = messageId, Place = isStep ? operation.Place : null, Data = outcome.Result,
            }, operation.Deferred);
            return;
        }
        if (!isStep && outcome.Verdict == BodyVerdict.Cancelled)
        {
            Turn(new EventRecord
            {
                Kind = EventKind.ActivityCancelled, Operation = operation.Number, Name = operation.Name, Attempt = outcome.Attempt,
                Source = operation.SourceText, Note = messageId, Data = outcome.Withdrawal,
            });
            return;
        }
        var verdict = RetryVerdict.Of(operation, outcome, MustStop(operation), Instant.Max(_now, _history.LastAt).Add(_kit.ClockError()), _kit.Jitter);
        operation.RetryStrategy = verdict.Strategy;
        if (operation is ActivityOperation activity) activity.Details = outcome.Details;
        Turn(new EventRecord
        {
            Kind = isStep ? EventKind.StepFailed : outcome.Verdict == BodyVerdict.TimedOut ? EventKind.ActivityTimedOut : EventKind.ActivityFailed,
            Operation = operation.Number, Undoes = operation.Undoes, Name = operation.Name, Attempt = outcome.Attempt, Source = operation.SourceText,
            Due = verdict.Due, Note = verdict.Note, Place = isStep ? operation.Place : null, Data = outcome.Failure!.Encode(),
        });
    }

    private void ApplyFailure(BodyOperation operation, in EventRecord e)
    {
        operation.LastAttempt = e.Attempt;
        operation.KnownLosses = _turnLosses;
        operation.StartRecorded = false;
        if (e.Note != FailureNotes.Retryable)
        {
            CountLossesBehind(operation);
            Fail(operation, e.Note == FailureNotes.Cancelled ? CancelledException() : FailureExceptions.For(operation, e));
            return;
        }
        operation.Failures++;
        var retry = Emit(new EventRecord
        {
            Kind = operation.Kind == OperationKind.Step ? EventKind.StepRetryScheduled : EventKind.ActivityRetryScheduled,
            Operation = operation.Number, Undoes = operation.Undoes, Name = operation.Name, Attempt = e.Attempt + 1, Due = e.Due, Source = operation.SourceText,
            Note = operation.RetryStrategy ?? operation.Retry.Strategy,
        }, operation, out var isNew);
        if (operation is ActivityOperation { IsLocal: false } activity)
        {
            if (isNew) Draft.Queue(new TaskWish(activity, retry.Due, e.Attempt, activity.Details));
            return;
        }
        operation.Due = retry.Due;
        operation.Stage = BodyStage.RetryWait;
        _timers.Set(operation);
    }

    /// <summary>Has a look at a body when the turn ends.</summary>
    private void Want(BodyOperation body) => (_wanting ??= []).Add(body);

    /// <summary>Asks for the attempts that the code made possible in this turn.</summary>
    private void RequestBodies()
    {
        if (_wanting is null || _pausing) return;
        // Stopping one is a turn of its own, which asks for the rest.
        for (var i = 0; i < _wanting.Count; i++)
        {
            var body = _wanting[i];
            if (!body.IsDone) Request(body);
        }
        _wanting.Clear();
    }

    private void Request(BodyOperation body)
    {
        if (MustStop(body)) Stop(body);
        if (body.IsDone || body.Stage != BodyStage.Ready) return;
        if (body.AtMostOnce && body.StartRecorded)
        {
            EndAttempt(body, new BodyOutcome { Verdict = BodyVerdict.Unknown, Attempt = body.LastAttempt + 1, Failure = FailureExceptions.OutcomeUnknown(body) }, null);
            return;
        }
        body.CurrentAttempt = UsedAttempts(body) + 1;
        body.Stage = BodyStage.Running;
        if (body.AtMostOnce)
        {
            _history.Append(new EventRecord
            {
                Kind = EventKind.StepStarted, Operation = body.Number, Undoes = body.Undoes, Name = body.Name, Attempt = body.CurrentAttempt, Source = body.SourceText,
                Place = body.Place,
            }, _now);
            body.StartRecorded = true;
        }
        Draft.Begin(body);
    }

    private bool MustStop(BodyOperation body) => body.CancelAsked || _cancellation is not null && !body.Shielded;

    /// <summary>After a cancellation: what has not begun never will, what runs is asked to stop, queued activities are withdrawn.</summary>
    private void StopBodies()
    {
        // Ending one lets the code run, which may end others and open shielded ones: what is to be stopped is fixed before.
        List<BodyOperation>? bodies = null;
        for (var i = 0; i < _open.Count; i++)
            if (_open[i] is BodyOperation { Shielded: false } body) (bodies ??= []).Add(body);
        if (bodies is null) return;
        foreach (var body in bodies)
            if (!body.IsDone) Stop(body);
    }

    /// <summary>
    /// After a cancellation of a run whose code has ended, or does not run: the end takes what is queued along, but the end may have to wait for messages that nobody has read.
    /// </summary>
    private void WithdrawLeftBehind()
    {
        if (_cancellation is not { KeepsQueued: false }) return;
        for (var i = 0; i < _open.Count; i++)
            if (_open[i] is BodyOperation { IsLocal: false, Shielded: false } queued) Withdraw(queued);
        if (_carry is null) return;
        foreach (var operation in _carry.Queued)
            if (!Draft.CancelTasks.Contains(operation)) Draft.CancelTask(operation);
    }

    private void Stop(BodyOperation body)
    {
        if (!body.IsLocal)
        {
            // An activity that is kept goes on without the run, which waits for it no longer.
            if (_cancellation is { KeepsQueued: true }) EndAttempt(body, Withdrawn(body), null);
            else Withdraw(body);
            return;
        }
        if (body.Stage == BodyStage.Running)
        {
            if (body.CancelAsked) return;
            body.CancelAsked = true;
            Draft.Cancel(body);
            return;
        }
        EndAttempt(body, Withdrawn(body), null);
    }

    private void Withdraw(BodyOperation queued)
    {
        if (queued.CancelAsked) return;
        queued.CancelAsked = true;
        Draft.CancelTask(queued.Number);
    }

    /// <summary>The last number that an attempt may have had: each worker that was lost since may have begun one of which nobody knows.</summary>
    private int UsedAttempts(BodyOperation body) => body.LastAttempt + (_seed.Losses + _turnBlocks - body.KnownLosses);

    /// <summary>
    /// Behind a Deferred outcome a body may begin before that outcome is durable, and be forgotten with it, whatever the next life's outcome is: losses count from
    /// the last durable turn.
    /// </summary>
    private void CountLossesBehind(BodyOperation ended)
    {
        if (ended.Deferred) _turnLosses = Math.Min(_turnLosses, ended.IssuedLosses);
    }

    private BodyOutcome Withdrawn(BodyOperation body) =>
        new() { Verdict = BodyVerdict.Cancelled, Attempt = body.IsLocal ? UsedAttempts(body) : body.LastAttempt, Failure = Failure.From(CancelledException()) };

    /// <summary>What the code sees of an activity that is cancelled: the run's cancellation comes before what somebody outside did to its queue.</summary>
    private OperationCanceledException CancelledException(BodyOperation body, in EventRecord e) =>
        e.Data.IsEmpty || _cancellation is not null && !body.Shielded ? CancelledException() : new ActivityWithdrawnException(body.Name, RunJson.ReadWithdrawal(e.Data).Reason);

    /// <summary>What the code sees of an operation that was cancelled: by the run's cancellation, or by the code itself.</summary>
    private OperationCanceledException CancelledException() =>
        _cancellation?.ToException() ?? new OperationCanceledException("The workflow cancelled this operation.");
}
