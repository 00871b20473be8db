using Perdure.Authoring;
using Perdure.Formats;
using Perdure.Storage;

namespace Perdure.Runtime;

/// <content>What the workflow's code asks for, during a turn.</content>
internal sealed partial class RunMachine
{
    public DateTimeOffset UtcNow => _turnTime.ToDateTimeOffset();

    public int Attempt => _attempt;

    public Task<TResult> Step<TResult>(string name, StepBody<TResult> body, StepOptions? options, SourceLine source, bool shielded)
    {
        if (Refused(shielded) is { } refusal) return Task.FromException<TResult>(refusal);
        if (options?.Id is { } id) name = $"{name}[{id}]";
        var operation = new StepOperation<TResult>(_operations++, name, body, options, StepOptions.RetryOf(options), source, shielded);
        IssueBody(operation);
        return operation.Result;
    }

    public Task<TOut> Activity<TOut>(ActivityCall call, ActivitySettings settings, SourceLine source, bool shielded)
    {
        if (Refused(shielded) is { } refusal) return Task.FromException<TOut>(refusal);
        var input = call.Encode(_kit.Codec);
        var operation = new ActivityOperation<TOut>(_operations++, call.Name, settings, input, source, shielded)
        {
            Local = settings.RunLocally ? _kit.Activities.Get(call.Name) : null,
        };
        if (_carry.Match(operation.Number, OperationKind.Activity, call.Name, entry => SameInput(entry.Command.Data, input)) is { } entry)
        {
            _open.Add(operation);
            _carried.Enqueue((operation, entry.Outcome), entry.Outcome.Sequence);
            return operation.Result;
        }
        var scheduled = Emit(new EventRecord
        {
            Kind = EventKind.ActivityScheduled, Operation = operation.Number, Name = call.Name, Source = SourceOf(operation), Data = input,
        }, operation, out var isNew);
        if (!isNew && _seed.Settings.Determinism != DeterminismMode.Relaxed && !SameInput(scheduled.Data, input))
            throw Diverged(scheduled, $"{operation} with another input");
        operation.ScheduledAt = scheduled.At;
        operation.KnownLosses = operation.IssuedLosses = _turnLosses;
        operation.LastAttempt = _carry.LastAttempt(operation.Number, operation.Name);
        _open.Add(operation);
        if (operation.Local is not null) _wanting.Add(operation);
        else if (isNew) _draft.Tasks.Add(new TaskWish(operation, scheduled.At, operation.LastAttempt, default));
        return operation.Result;
    }

    public Task Sleep(TimeSpan? duration, DateTimeOffset? until, SourceLine source, bool shielded)
    {
        if (Refused(shielded) is { } refusal) return Task.FromException(refusal);
        var operation = new SleepOperation(_operations++, source, shielded);
        if (_carry.Match(operation.Number, OperationKind.Sleep, "") is { } entry)
        {
            _open.Add(operation);
            _carried.Enqueue((operation, entry.Outcome), entry.Outcome.Sequence);
            return operation.Task;
        }
        var due = until is { } instant ? Instant.From(instant) : _turnTime.Add(duration!.Value);
        operation.Due = Emit(new EventRecord
        {
            Kind = EventKind.SleepStarted, Operation = operation.Number, Source = SourceOf(operation), Due = Instant.Max(due, _turnTime),
        }, operation, out _).Due;
        _open.Add(operation);
        _timers.Set(operation);
        return operation.Task;
    }

    public Task<Received<T>> Wait<T>(string signal, TimeSpan? timeout, SourceLine source, bool shielded)
    {
        if (Refused(shielded) is { } refusal) return Task.FromException<Received<T>>(refusal);
        var operation = new WaitOperation<T>(_operations++, signal, source, shielded);
        IssueWait(operation, timeout);
        return operation.Result;
    }

    public Task<SignalMatch> WaitAny(IReadOnlyList<Signal> signals, TimeSpan? timeout, SourceLine source, bool shielded)
    {
        if (Refused(shielded) is { } refusal) return Task.FromException<SignalMatch>(refusal);
        var operation = new WaitAnyOperation(_operations++, signals, source, shielded);
        IssueWait(operation, timeout);
        return operation.Result;
    }

    public Task<bool> Limit(Task awaited, TimeSpan limit, SourceLine source, bool shielded)
    {
        if (awaited.IsCompleted) return Task.FromResult(true);
        if (limit <= TimeSpan.Zero) return Task.FromResult(false);
        if (Refused(shielded) is { } refusal) return Task.FromException<bool>(refusal);
        var operation = new LimitOperation(_operations++, source, shielded);
        if (_carry.Match(operation.Number, OperationKind.Limit, operation.Name) is { } entry)
        {
            _open.Add(operation);
            _carried.Enqueue((operation, entry.Outcome), entry.Outcome.Sequence);
            return operation.Result;
        }
        operation.Due = Emit(new EventRecord
        {
            Kind = EventKind.WaitStarted, Operation = operation.Number, Name = operation.Name, Source = SourceOf(operation), Due = _turnTime.Add(limit),
        }, operation, out _).Due;
        _open.Add(operation);
        _timers.Set(operation);
        _ = WatchAsync(awaited, operation);
        return operation.Result;
    }

    public void Publish(string name, ReadOnlyMemory<byte> value, SourceLine source)
    {
        MustBeInTurn();
        var number = _operations++;
        (_published ??= new(StringComparer.Ordinal))[name] = value;
        if (_carry.Match(number, OperationKind.Publish, name) is { } entry && entry.Outcome.Data.Span.SequenceEqual(value.Span)) return;
        Emit(new EventRecord { Kind = EventKind.StatePublished, Operation = number, Name = name, Source = Text(source), Data = value }, null, out var isNew);
        if (isNew) _draft.PublishedChanged = true;
    }

    public Task<T> SideEffect<T>(string name, Func<T> effect, SourceLine source, bool shielded)
    {
        if (Refused(shielded) is { } refusal) return Task.FromException<T>(refusal);
        var number = _operations++;
        if (_carry.Match(number, OperationKind.SideEffect, name) is { } entry) return Recorded<T>(entry.Outcome, name);
        SkipNeutral();
        var e = new EventRecord { Kind = EventKind.SideEffect, Operation = number, Name = name, Source = Text(source) };
        if (_cursor == _recorded.Length)
        {
            try
            {
                e = e with { Data = _kit.Codec.Serialize(effect()) };
            }
            catch (Exception exception) when (exception is not BlockException)
            {
                e = e with { Note = FailureNotes.Final, Data = Failure.From(exception).Encode() };
            }
        }
        return Recorded<T>(Emit(e, null, out _), name);
    }

    /// <summary>Cancels the operation behind a task of this run; a task that is not one, or has ended, is left alone.</summary>
    public void Cancel(Task task)
    {
        MustBeInTurn();
        switch (_open.FindByTask(task))
        {
            case null:
                return;
            case ActivityOperation { Local: null } activity when !activity.CancelSent:
                activity.CancelSent = true;
                if (!IsReplaying) _draft.CancelTasks.Add(activity.Number);
                break;
            case BodyOperation body when !body.CancelAsked:
                body.CancelAsked = true;
                if (!IsReplaying && body.Stage == BodyStage.Running) _draft.CancelBodies.Add(body);
                break;
            case var operation and not BodyOperation:
                Emit(new EventRecord
                {
                    Kind = operation is SleepOperation ? EventKind.SleepCancelled : EventKind.WaitCancelled,
                    Operation = operation.Number, Name = operation.Name, Source = SourceOf(operation),
                }, operation, out _);
                operation.Close();
                _open.Remove(operation);
                _pump.Defer(() => operation.Fail(Cancellation()));
                break;
        }
    }

    public void MustBeInTurn()
    {
        if (_pump.IsCurrent) return;
        OnForeignPost();
        throw new ForeignAwaitException();
    }

    private void IssueBody(BodyOperation operation)
    {
        operation.KnownLosses = operation.IssuedLosses = _turnLosses;
        operation.LastAttempt = _carry.LastAttempt(operation.Number, operation.Name);
        _open.Add(operation);
        if (_carry.Match(operation.Number, operation.Kind, operation.Name) is { } entry) _carried.Enqueue((operation, entry.Outcome), entry.Outcome.Sequence);
        else _wanting.Add(operation);
    }

    private void IssueWait(WaitOperation operation, TimeSpan? timeout)
    {
        if (_carry.Match(operation.Number, OperationKind.Wait, operation.Name) is { } entry)
        {
            _open.Add(operation);
            _carried.Enqueue((operation, entry.Outcome), entry.Outcome.Sequence);
            return;
        }
        var e = new EventRecord { Operation = operation.Number, Name = operation.Name, Source = SourceOf(operation) };
        if (_signals.TryTake(operation.Signals, out var signal))
        {
            operation.SetOutcome(Emit(e with { Kind = EventKind.SignalConsumed, Name = signal.Name, Data = signal.Data }, operation, out _));
            operation.CompleteFromRecord(_kit.Codec);
        }
        else if (timeout <= TimeSpan.Zero)
        {
            operation.SetOutcome(Emit(e with { Kind = EventKind.WaitTimedOut, Note = EventKinds.ImmediateNote }, operation, out _));
            operation.CompleteFromRecord(_kit.Codec);
        }
        else
        {
            var due = timeout is { } limit ? _turnTime.Add(limit) : Instant.Never;
            operation.Due = Emit(e with { Kind = EventKind.WaitStarted, Due = due }, operation, out _).Due;
            _open.Add(operation);
            _timers.Set(operation);
        }
    }

    private async Task WatchAsync(Task awaited, LimitOperation operation)
    {
        try
        {
            await awaited;
        }
        catch (Exception)
        {
            // Whoever awaits the task itself sees the exception; here only its end matters.
        }
        _open.Remove(operation);
        operation.Win();
    }

    private Task<T> Recorded<T>(in EventRecord e, string name) => e.Note == FailureNotes.Final
        ? Task.FromException<T>(FailureExceptions.OfSideEffect(Failure.Decode(e.Data.Span)))
        : Task.FromResult(Payload.Read<T>(_kit.Codec, e, name));

    /// <summary>An unshielded operation of a run that was asked to stop is refused; so is any from outside the run's turn.</summary>
    private WorkflowCancelledException? Refused(bool shielded)
    {
        MustBeInTurn();
        return _cancel is not null && !shielded ? new WorkflowCancelledException(_cancel.Reason, _cancel.Cause) : null;
    }

    private static bool SameInput(ReadOnlyMemory<byte> recorded, ReadOnlyMemory<byte> actual) =>
        recorded.Span.SequenceEqual(actual.Span) || InputHash.Of(recorded) == InputHash.Of(actual);

    private static string? Text(SourceLine source) => source.Line == 0 ? null : source.ToString();
}
