using Perdure.Authoring;
using Perdure.Formats;
using Perdure.Storage;

namespace Perdure.Runtime;

/// <content>What the workflow's code asks for, during a turn.</content>
internal sealed partial class RunMachine
{
    private bool _insideEffect;

    public DateTimeOffset UtcNow => _turnTime.ToDateTimeOffset();

    public int Attempt => _attempt;

    public Task<TResult> Step<TResult>(string name, StepBody<TResult> body, StepOptions? options, SourceLine source, bool shielded, int? undoes = null)
    {
        if (Refused(shielded) is { } refusal) return Task.FromException<TResult>(refusal);
        if (options?.Id is { } id) name = $"{name}[{id}]";
        var operation = new StepOperation<TResult>(_operations++, name, body, options, StepOptions.RetryOf(options, _kit.Retry), source, shielded) { Undoes = undoes, Place = Place };
        IssueBody(operation);
        return operation.Result;
    }

    public Task<TOut> Activity<TOut>(ActivityCall call, ActivitySettings settings, SourceLine source, bool shielded)
    {
        if (Refused(shielded) is { } refusal) return Task.FromException<TOut>(refusal);
        var input = call.Encode(_kit.Codec);
        if (call.IsByName) CheckInput(call.Name, input);
        var operation = new ActivityOperation<TOut>(_operations++, call.Name, settings, input, _kit.Activities, source, shielded) { Place = Place };
        IssueActivity(operation, input);
        return operation.Result;
    }

    public Task Sleep(TimeSpan? duration, DateTimeOffset? until, SourceLine source, bool shielded)
    {
        if (Refused(shielded) is { } refusal) return Task.FromException(refusal);
        var operation = new SleepOperation(_operations++, source, shielded) { Place = Place };
        if (IsCarried(operation)) return operation.Task;
        var due = until is { } instant ? Instant.From(instant) : Later(duration!.Value);
        var e = Emit(new EventRecord
        {
            Kind = EventKind.SleepStarted, Operation = operation.Number, Source = operation.SourceText, Due = Instant.Max(due, _turnTime),
        }, operation, out _);
        OpenTimed(operation, e.Due);
        return operation.Task;
    }

    public Task<bool> Limit(Task awaited, TimeSpan limit, SourceLine source, bool shielded)
    {
        MustBeInTurn();
        if (awaited.IsCompleted) return Task.FromResult(true);
        if (limit <= TimeSpan.Zero) return Task.FromResult(false);
        if (Refused(shielded) is { } refusal) return Task.FromException<bool>(refusal);
        var operation = new LimitOperation(_operations++, source, shielded) { Place = Place };
        if (IsCarried(operation)) return operation.Result;
        var e = Emit(new EventRecord
        {
            Kind = EventKind.WaitStarted, Operation = operation.Number, Name = operation.Name, Source = operation.SourceText, Due = Later(limit),
        }, operation, out _);
        OpenTimed(operation, e.Due);
        // Inline, wherever the awaited task ends: an await of its own could leak to the pool beside another one.
        _ = awaited.ContinueWith(
            static (_, state) => { var (machine, operation) = ((RunMachine, LimitOperation))state!; machine.Won(operation); }, (this, operation),
            CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return operation.Result;
    }

    public void Publish(string name, ReadOnlyMemory<byte> value, SourceLine source)
    {
        MustBeInTurn();
        var number = _operations++;
        (_published ??= new(StringComparer.Ordinal))[name] = value;
        if (_carry is not null && _carry.Find(number, OperationKind.Publish, name, out var known) && known.Data.Span.SequenceEqual(value.Span)) return;
        Emit(new EventRecord { Kind = EventKind.StatePublished, Operation = number, Name = name, Source = TextOf(source), Data = value }, null, out var isNew);
        if (isNew) Draft.PublishedChanged = true;
    }

    public void RecordDecision(string name, ReadOnlyMemory<byte> decision, SourceLine source)
    {
        MustBeInTurn();
        Emit(new EventRecord { Kind = EventKind.DecisionMade, Operation = _operations++, Name = name, Source = TextOf(source), Data = decision }, null, out _);
    }

    public Task<T> SideEffect<T>(string name, Func<T> effect, SourceLine source, bool shielded)
    {
        if (Refused(shielded) is { } refusal) return Task.FromException<T>(refusal);
        var number = _operations++;
        if (_carry is not null && _carry.Find(number, OperationKind.SideEffect, name, out var known)) return Recorded<T>(known, name);
        var e = new EventRecord { Kind = EventKind.SideEffect, Operation = number, Name = name, Source = TextOf(source) };
        if (IsBeyondRecord())
        {
            // Whoever only asks lets nothing happen.
            if (_kit.Queries is not null) return new TaskCompletionSource<T>().Task;
            e = Execute(effect, e);
        }
        return Recorded<T>(Emit(e, null, out _), name);
    }

    /// <summary>Cancels the operation behind a task of this run; a task that is not one, or has ended, is left alone.</summary>
    public void Cancel(Task task, SourceLine source)
    {
        MustBeInTurn();
        if (_open.FindByTask(task) is not { } operation) return;
        if (operation is BodyOperation body)
        {
            if (!body.CancelAsked) CancelBody(body);
            return;
        }
        if (operation is ChildOperation child)
        {
            CancelChild(child, source);
            return;
        }
        if (operation is WaitOperation { Group: { } group })
        {
            foreach (var wait in group.Waits) GiveUp(wait);
        }
        else GiveUp(operation);
    }

    /// <summary>The code waits for it no longer.</summary>
    private void GiveUp(Operation operation)
    {
        if (operation.IsDone) return;
        EmitCancelled(operation);
        Close(operation);
        _pump.Defer(() => operation.Fail(CancelledException()));
    }

    public void MustBeInTurn()
    {
        if (_pump.IsCurrent && !_insideEffect)
        {
            ThrowIfBlocked();
            return;
        }
        if (_insideEffect && _kit.Queries?.Answering is { } query) throw new QueryMayNotScheduleException(query);
        if (_insideEffect) throw new InvalidOperationException("A side effect cannot use the workflow context. Ask for it before or after.");
        var step = Owner?.BodyInProgress;
        _foreignIn ??= step;
        NoteForeign();
        throw step is null ? new ForeignAwaitException() : new DurableCallInStepException(step);
    }

    private void IssueBody(BodyOperation operation)
    {
        NoteAsked(operation);
        if (IsCarried(operation)) return;
        CountAttempts(operation);
        _open.Add(operation);
        // When a replay ends, all that are open then are looked at.
        if (!IsReplaying) Want(operation);
    }

    /// <summary>The first rules do not name what is taken over from an earlier attempt.</summary>
    private void NoteAsked(BodyOperation operation)
    {
        if (_seed.Rules >= ReplayRules.TakenOver) LastAsked = operation.Name;
    }

    private void CountAttempts(BodyOperation operation)
    {
        LastAsked = operation.Name;
        operation.Data = _data?.Snapshot();
        var used = _carry?.Used(operation.Number, operation.Name) ?? new UsedAttempts(0, _turnLosses);
        operation.CountFrom(used.Last, used.Losses);
    }

    private void IssueActivity(ActivityOperation operation, ReadOnlyMemory<byte> input)
    {
        NoteAsked(operation);
        if (_carry is not null && _carry.Claim(operation, input))
        {
            _open.Add(operation);
            return;
        }
        var scheduled = Emit(new EventRecord
        {
            Kind = EventKind.ActivityScheduled, Operation = operation.Number, Name = operation.Name, Source = operation.SourceText, Data = input,
            Note = operation.IsLocal ? ActivityOperation.LocalNote : null,
        }, operation, out var isNew);
        if (!isNew && _seed.Settings.Determinism != DeterminismMode.Relaxed && !PayloadEquality.SameInput(scheduled.Data, input))
            throw Stop(Diverged(scheduled, $"{operation} with another input: {PayloadEquality.Difference(scheduled.Data, input)}"));
        operation.Scheduled(scheduled);
        _hasActivities = true;
        CountAttempts(operation);
        _open.Add(operation);
        if (operation.IsLocal && !IsReplaying) Want(operation);
        else if (!operation.IsLocal && isNew) Draft.Queue(new TaskWish(operation, scheduled.At, operation.LastAttempt, default));
    }

    /// <summary>So long after this turn, also if the store's clock is ahead of what is known of it. Nothing waits for what is due already.</summary>
    private Instant Later(TimeSpan duration) => duration <= TimeSpan.Zero ? _turnTime.Add(duration) : _turnTime.Add(duration + _kit.ClockError());

    /// <summary>Whoever calls by name is told at once when the input does not fit. What was scheduled once did, even if the type has changed since.</summary>
    private void CheckInput(string activity, ReadOnlyMemory<byte> input)
    {
        if (!IsBeyondRecord() && _recording.Next is { Kind: EventKind.ActivityScheduled } next && next.Operation == _operations && next.Name == activity) return;
        _kit.Activities.Find(activity)?.CheckInput(input, _kit.Codec);
    }

    /// <summary>Completes an operation that has its outcome when it is issued, so that nobody awaits it yet.</summary>
    private void CompleteAtOnce(Operation operation, in EventRecord outcome)
    {
        operation.Close();
        try
        {
            operation.Complete(outcome, _kit.Codec);
        }
        catch (BlockException e)
        {
            throw Stop(e);
        }
    }

    private void OpenTimed(Operation operation, Instant due)
    {
        operation.Due = due;
        _open.Add(operation);
        _timers.Set(operation);
    }

    private bool IsCarried(Operation operation)
    {
        if (_carry is null || !_carry.Claim(operation)) return false;
        _open.Add(operation);
        return true;
    }

    private void Won(LimitOperation operation)
    {
        if (!_pump.IsCurrent)
        {
            NoteForeign();
            return;
        }
        if (operation.IsDone) return;
        Close(operation);
        operation.Win();
    }

    private void CancelBody(BodyOperation body)
    {
        // What is asked for again during a replay was done when it was recorded.
        IsBeyondRecord();
        var isNew = !IsReplaying;
        if (!body.IsLocal)
        {
            if (isNew) Withdraw(body);
            body.CancelAsked = true;
            return;
        }
        body.CancelAsked = true;
        if (body.Stage == BodyStage.Running) Draft.Cancel(body);
        // One that waits for its next attempt, or has not begun, ends when the turn does.
        else if (isNew) Want(body);
    }

    private EventRecord Execute<T>(Func<T> effect, in EventRecord e)
    {
        _insideEffect = true;
        try
        {
            return e with { Data = _kit.Codec.Serialize(effect()) };
        }
        catch (Exception exception)
        {
            return e with { Note = FailureNotes.Final, Data = Failure.From(exception, _kit.Codec).Encode() };
        }
        finally
        {
            _insideEffect = false;
        }
    }

    private Task<T> Recorded<T>(in EventRecord e, string name)
    {
        try
        {
            return e.Note == FailureNotes.Final ? Task.FromException<T>(FailureExceptions.OfSideEffect(e)) : Task.FromResult(Payload.Read<T>(_kit.Codec, e, name));
        }
        catch (BlockException block)
        {
            throw Stop(block);
        }
    }

    /// <summary>An unshielded operation of a run that was asked to stop is refused; so is any from outside the run's turn.</summary>
    private WorkflowCancelledException? Refused(bool shielded)
    {
        MustBeInTurn();
        return shielded ? null : _cancellation?.ToException();
    }

    private static string? TextOf(SourceLine source) => source.Line == 0 ? null : source.ToString();
}
