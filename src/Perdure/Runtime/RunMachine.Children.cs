using Perdure.Authoring;
using Perdure.Formats;
using Perdure.Storage;

namespace Perdure.Runtime;

/// <content>Children: started with their own record, told of by messages, kept account of until they have ended.</content>
internal sealed partial class RunMachine
{
    private ChildLedger? _children;
    private int _childCount;

    public ChildOperation<T> StartChild<T>(ChildCall call, SourceLine source, bool shielded)
    {
        if (Refused(shielded) is { } refusal) throw refusal;
        if (_seed.Settings.Parent?.Depth >= PerdureDefaults.MaxNestingDepth) throw new NestingDepthExceededException(call.Workflow);
        var input = call.Encode(_kit.Codec);
        var operation = new ChildOperation<T>(_operations, call.Workflow, source, shielded) { Place = Place };
        // One that an earlier attempt has started was counted then.
        var isCounted = _seed.Rules >= ReplayRules.TakenOver && _carry?.HasChild(operation, input) == true;
        if (_childCount >= PerdureDefaults.MaxChildren && !isCounted) throw new TooManyChildrenException(call.Workflow);
        if (!isCounted) CheckNew(call, input);

        _operations++;
        if (!isCounted) _childCount++;
        if (_carry is not null && _carry.ClaimChild(operation, input))
        {
            _open.Add(operation);
            return operation;
        }
        var note = new ChildNote(call.Options.Id ?? DerivedIds.Of(_seed.Id, _history.Count, _turnTime), call.Options.PolicyInForce(CodeOf(call)?.Options.ParentClosePolicy));
        var started = Emit(new EventRecord
        {
            Kind = EventKind.ChildStarted, Operation = operation.Number, Name = operation.Name, Source = operation.SourceText, Note = note.Write(), Data = input,
        }, operation, out var isNew);
        if (!isNew && _seed.Settings.Determinism != DeterminismMode.Relaxed && !PayloadEquality.SameInput(started.Data, input))
            throw Stop(Diverged(started, $"{operation} with another input: {PayloadEquality.Difference(started.Data, input)}"));
        operation.Id = ChildNote.Read(started.Note!).Id;
        _open.Add(operation);
        if (!isNew) return operation;
        (_children ??= new()).Note(started);
        Draft.Start(new ChildWish(call, operation.Id, operation.Number, input, started.At));
        return operation;
    }

    public Task<T> AwaitChild<T>(ChildOperation<T> child, bool shielded)
    {
        MustBeInTurn();
        return child.IsDone || shielded || _cancellation is null ? child.Await(shielded) : Task.FromException<T>(_cancellation.ToException());
    }

    public Task SignalChild(string child, string signal, ReadOnlyMemory<byte> payload, SourceLine source, bool shielded)
    {
        if (Refused(shielded) is { } refusal) return Task.FromException(refusal);
        if (EmitChildMessage(EventKind.ChildSignalled, child, signal, payload, source) is { } sent) Draft.Send(ChildOrders.Signal(child, _seed.Id, sent));
        return Task.CompletedTask;
    }

    public Task CancelChild(string child, string? reason, SourceLine source, bool shielded)
    {
        if (Refused(shielded) is { } refusal) return Task.FromException(refusal);
        var request = new CancelRequest(reason, Cause: CancellationCause.Parent);
        if (EmitChildMessage(EventKind.ChildCancelRequested, child, "", RunJson.Write(request), source) is not null) Draft.Send(ChildOrders.Cancel(child, request));
        return Task.CompletedTask;
    }

    /// <summary>A child ended. False: nobody waits for it any more.</summary>
    public bool ChildEnded(in ChildEnd end, Instant now)
    {
        _children?.Remove(end.Child, end.Operation);
        if (Ending is not null) return false;
        string name;
        if (_open.Find(end.Operation) is ChildOperation open && open.Id == end.Child) name = open.Name;
        // This attempt of the workflow has not asked for it, and may never do so.
        else if (_carry is not null && _carry.WaitsForChild(end.Operation, end.Child)) name = _carry.NameOf(end.Operation);
        else return false;
        _now = now;
        Turn(new EventRecord
        {
            Kind = end.Status switch { RunStatus.Completed => EventKind.ChildCompleted, RunStatus.Cancelled => EventKind.ChildCancelled, _ => EventKind.ChildFailed },
            Operation = end.Operation, Name = name, Attempt = end.Attempts,
            Note = end.Status is RunStatus.Completed or RunStatus.Cancelled ? null : OutcomeOf(end.Status).ToString(), Data = end.Data,
        });
        return true;
    }

    private void ApplyChildEnd(in EventRecord e)
    {
        // Of an attempt that is over nobody waits for it any more; the next one reads it in the history.
        if (IsSpent) return;
        if (_open.Find(e.Operation) is not ChildOperation && _carry is not null && _carry.WaitsForChild(e.Operation)) _carry.Absorb(e, e.Losses + _turnBlocks);
        else Complete(Expect<ChildOperation>(e), e);
    }

    /// <summary>What others are told when the run closes: its parent, and its children; null for nothing.</summary>
    private List<OutgoingMessage>? Farewells(RunEnding ending)
    {
        // Whoever goes on in this run's place has its children and its parent.
        if (ending.Status == RunStatus.ContinuedAsNew) return null;
        var messages = _children?.TellEnded(ending.Status);
        if (_seed.Settings.Parent is { } parent)
            (messages ??= []).Add(new ChildEnd(parent.Operation, parent.Child, ending.Status, Math.Max(1, _attempt), ending.Data).ToMessage(parent.Key, EventCount));
        return messages;
    }

    /// <summary>Asks an operation's child to cancel, because its parent waits for it no longer.</summary>
    private void CancelChild(ChildOperation child, SourceLine source)
    {
        var request = new CancelRequest("the parent waits for it no longer", Cause: CancellationCause.Parent);
        if (EmitChildMessage(EventKind.ChildCancelRequested, child.Id, "", RunJson.Write(request), source) is not null) Draft.Send(ChildOrders.Cancel(child.Id, request));
    }

    /// <summary>Records that a message is sent to a child. Null: it was sent before.</summary>
    private EventRecord? EmitChildMessage(EventKind kind, string child, string name, ReadOnlyMemory<byte> data, SourceLine source)
    {
        var number = _operations++;
        if (_carry is not null && _carry.Find(number, OperationKind.ChildMessage, name, out var known) && known.Kind == kind && known.Note == child) return null;
        var e = Emit(new EventRecord { Kind = kind, Operation = number, Name = name, Source = TextOf(source), Note = child, Data = data }, null, out var isNew);
        return isNew ? e : null;
    }

    /// <summary>
    /// Whoever calls by name is told at once when the input does not fit, and whoever inherits tags when there are too many with those of the child's workflow. What was started once was
    /// fine, even if the child's code has changed since.
    /// </summary>
    private void CheckNew(ChildCall call, ReadOnlyMemory<byte> input)
    {
        if (CodeOf(call) is not { } code) return;
        if (!IsBeyondRecord() && _recording.Next is { Kind: EventKind.ChildStarted } next && next.Operation == _operations && next.Name == call.Workflow) return;
        if (code.InputType != call.InputType) _kit.Codec.Check(input.Span, code.InputType);
        _ = OptionRules.MergeTags(code.Options.Tags, call.Options.Tags ?? _seed.Tags);
    }

    /// <summary>The child's code, if this process has it.</summary>
    private WorkflowDescriptor? CodeOf(ChildCall call) => call.Version == 0 ? _kit.Workflows?.FindLatest(call.Workflow) : _kit.Workflows?.Find(call.Workflow, call.Version);

    private static ChildOutcome OutcomeOf(RunStatus status) => status switch
    {
        RunStatus.Cancelled => ChildOutcome.Cancelled,
        RunStatus.TimedOut => ChildOutcome.TimedOut,
        RunStatus.Terminated => ChildOutcome.Terminated,
        RunStatus.CompensationFailed => ChildOutcome.CompensationFailed,
        _ => ChildOutcome.Failed,
    };
}
