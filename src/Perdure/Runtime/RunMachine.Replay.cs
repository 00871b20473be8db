using Perdure.Authoring;
using Perdure.Formats;
using Perdure.Storage;

namespace Perdure.Runtime;

/// <content>Loading a history: earlier attempts are absorbed, the current one is replayed through the same turns as live.</content>
internal sealed partial class RunMachine
{
    private EventRecord[] _stored = [];
    private Recording _recording = Recording.None;
    private Carry? _carry;
    private string? _leftOver;

    /// <summary>Takes the stored history, without running anything yet.</summary>
    public void Attach(EventRecord[] history, uint checksum, Instant now)
    {
        _stored = history;
        _history.Continue(history, checksum);
        HasRequests = _inheritedHooks is not null || Array.Exists(history, static e => EventKinds.OpensRequest(e.Kind));
        _hasActivities = Array.Exists(history, static e => e.Kind == EventKind.ActivityScheduled);
        _now = now;
        SetNextWarning();
    }

    /// <summary>Writes an operator's acts behind the history, before it is loaded.</summary>
    public void Record(List<EventRecord> acts)
    {
        foreach (var act in acts) _stored = [.. _stored, _history.Append(act, _now)];
    }

    /// <summary>Knows the messages of the stored history again, for a run that is not loaded because it ends.</summary>
    public void RememberMessages()
    {
        foreach (var e in _stored) Remember(e);
    }

    /// <summary>Ends a run whose code was never entered if its history says that it was cancelled: an earlier owner did not come to write the end. False: it says nothing of that.</summary>
    public bool EndIfCancelled()
    {
        for (var i = _stored.Length - 1; i >= 0 && _stored[i].Kind != EventKind.RunReset; i--)
        {
            if (_stored[i].Kind != EventKind.CancelRequested) continue;
            _cancellation = Cancellation.Read(_stored[i]);
            EndUnentered();
            return true;
        }
        return false;
    }

    /// <summary>
    /// Brings the code to where the history ends. <paramref name="acts"/> are an operator's acts that become its newest events. What the code asks for
    /// beyond the history is in the draft.
    /// </summary>
    /// <exception cref="BlockException">Code and history do not fit.</exception>
    public void Load(List<EventRecord> acts)
    {
        if (Replay(acts)) GoLive();
    }

    /// <summary>Replays the stored history. False: the code of the next attempt has not been entered.</summary>
    private bool Replay(List<EventRecord> acts)
    {
        Record(acts);
        var history = _stored;
        _stored = [];
        var first = FirstOfAttempt(history);
        for (var i = 0; i < first; i++) Absorb(history[i], history[0].At);
        if (first == history.Length)
        {
            // The next attempt has not begun: it waits for its instant, and may be cancelled before.
            _turnTime = _history.LastAt;
            EndUnentered();
            return false;
        }
        for (var i = first; i < history.Length; i++) Remember(history[i]);
        _recording = new Recording(history, first);
        IsReplaying = !_seed.IsNew;
        try
        {
            Replay();
        }
        finally
        {
            IsReplaying = false;
            _recording = Recording.None;
        }
        return true;
    }

    /// <summary>Where the current attempt begins, or the end of the history when its code has not been entered (or never will be).</summary>
    private static int FirstOfAttempt(EventRecord[] history)
    {
        for (var i = history.Length - 1; i >= 0; i--)
        {
            switch (history[i].Kind)
            {
                case EventKind.WorkflowStarted when history[i].Due.IsNever:
                    return i;
                case EventKind.WorkflowStarted or EventKind.WorkflowRetryScheduled or EventKind.RunReset:
                case EventKind.CancelRequested when history[i].Attempt == 0:
                    return history.Length;
            }
        }
        return history.Length;
    }

    private void Replay()
    {
        var blocksBefore = _turnBlocks;
        while (true)
        {
            HandOverCarried();
            SettleData();
            if (IsBeyondRecord())
            {
                _turnBlocks = blocksBefore + _recording.Blocks;
                return;
            }
            ref readonly var e = ref _recording.Next;
            if (IsLeftOver(e))
            {
                _recording.Take();
                continue;
            }
            if (!EventKinds.IsStimulus(e)) throw Diverged(e, ActualOf(e));
            _recording.Take();
            _turnBlocks = blocksBefore + _recording.Blocks;
            // A turn that a block followed at once may have done nothing but that.
            IsBeyondRecord();
            Apply(e);
        }
    }

    private void GoLive()
    {
        for (var i = 0; i < _open.Count; i++)
        {
            if (_open[i] is not BodyOperation body) continue;
            if (body.IsLocal) Want(body);
            // The code withdrew it in an earlier life of the run, which may not have come to use the store's answer.
            else if (body.CancelAsked && !Draft.CancelTasks.Contains(body.Number)) Draft.CancelTask(body.Number);
        }
        if (_cancellation is not null) StopBodies();
        EndTurn();
    }

    /// <summary>Whether the code does things for the first time. After a block that cut a turn this begins in the middle of it.</summary>
    private bool IsBeyondRecord()
    {
        if (!_recording.IsOver) return false;
        if (_recording.EndsInside) IsReplaying = false;
        return true;
    }

    /// <summary>Takes an event of an earlier attempt for what it leaves behind.</summary>
    private void Absorb(in EventRecord e, Instant createdAt)
    {
        Remember(e, ofEarlierAttempt: true);
        _carry ??= new Carry(_signals, _seed.MaxCrashes);
        if (_inheritedHooks?.TakeEarly(e) != true) _carry.Absorb(e, e.Losses + _turnBlocks);
        switch (e.Kind)
        {
            case EventKind.WorkflowStarted when e.Due.IsNever:
                _attempt = Math.Max(1, e.Attempt);
                break;
            case EventKind.WorkflowStarted:
                _attemptDue = e.Due;
                break;
            case EventKind.ChildStarted:
                _childCount++;
                break;
            case EventKind.StatePublished:
                (_published ??= new(StringComparer.Ordinal))[e.Name] = e.Data;
                break;
            case EventKind.ContextChanged:
                _hasEarlierData = true;
                break;
            case EventKind.CancelRequested:
                _cancellation = Cancellation.Read(e);
                break;
            case EventKind.RunBlocked:
                // Bodies that ran when the run was quarantined were forgotten, as with a loss: their attempt numbers are used up.
                _turnBlocks++;
                break;
            case EventKind.WorkflowTerminated:
            case EventKind.WorkflowTimedOut when _cancellation is { } asked && e.At >= asked.GraceEnd:
                // An end that did not wait for what was running; nothing else is written behind it but that the run was reopened.
                _turnBlocks++;
                break;
            case EventKind.WorkflowRetryScheduled:
                _failedAttempts++;
                _attemptDue = e.Due;
                _carry.EndAttempt(keepsChildren: true);
                break;
            case EventKind.RunReset:
                Reopened = e.Sequence;
                // A reopened run gets a fresh budget and as much time as it had at first.
                _failedAttempts = 0;
                _cancellation = null;
                _attemptDue = e.At;
                if (!_seed.Deadline.IsNever) _deadline = e.At.Add(_seed.Deadline - createdAt);
                // Their parent's end has told its children to stop, or has let go of them: the next life starts its own.
                _carry.EndAttempt(keepsChildren: false);
                break;
        }
    }

    /// <summary>What every event leaves behind, in whichever attempt it was written.</summary>
    private void Remember(in EventRecord e, bool ofEarlierAttempt = false)
    {
        if (_children is not null || e.Kind == EventKind.ChildStarted) (_children ??= new()).Note(e);
        if (_checkpoints is not null || e.Kind == EventKind.StepCheckpoint) (_checkpoints ??= new()).Note(e);
        if (e.Kind == EventKind.VersionMarker) (_versions ??= new VersionMarkers()).Record(e, ofEarlierAttempt);
        if (e.Note is null) return;
        if (e.Kind is EventKind.SignalReceived or EventKind.RunReset or EventKind.RunResumed or EventKind.RunPaused
            or EventKind.HookReceived or EventKind.InputProvided or EventKind.WaitCancelled or EventKind.HookDisposed or EventKind.InputCancelled or EventKind.ActivityCompleted or EventKind.ActivityCancelled) Note(e.Note, e.Kind == EventKind.SignalReceived ? e.At : Instant.Earliest);
    }

    /// <summary>Hands over outcomes of earlier attempts, as long as the code asks for such.</summary>
    private void HandOverCarried()
    {
        if (_carry is null) return;
        while (_carry.TryHandOver(out var next))
        {
            if (next.Operation.IsDone) continue;
            if (next.Operation is RequestOperation request) Answer(request, next.Outcome);
            else Complete(next.Operation, next.Outcome);
        }
    }

    /// <summary>
    /// Whether the code has ended without asking for what a recorded event is about: the new code does less than the old. In strict mode that is a mismatch; else it is
    /// told, and the events are passed over.
    /// </summary>
    private bool IsLeftOver(in EventRecord e)
    {
        if (_main is not { IsCompleted: true } || e.Operation < _operations || _seed.Settings.Determinism == DeterminismMode.Strict) return false;
        if (_leftOver is null)
        {
            _leftOver = $"{EndNotes.Determinism}the code ended without {Describe(e)}, event {e.Sequence}";
            RuntimeLog.Determinism(_kit.Logger, _seed.Id, _leftOver);
        }
        // A signal that a wait had taken which is no longer asked for is nobody's again.
        if (e.Kind == EventKind.SignalReceived) _signals.Add(e);
        return true;
    }

    /// <summary>Finds the open operation that a recorded event is about.</summary>
    private T Expect<T>(in EventRecord e) where T : Operation
    {
        if (_open.Find(e.Operation) is T operation && EventKinds.OperationOf(e) == operation.Kind && FitsName(operation, e) && FitsPlace(operation, e)) return operation;
        throw Diverged(e, ActualOf(e));
    }

    private static bool FitsName(Operation operation, in EventRecord e) =>
        e.Kind == EventKind.SignalReceived ? operation is WaitOperation wait && wait.Wants(e.Name) : operation.Name == e.Name;

    /// <summary>Whether the code asked for it in the step of the pipeline where it is recorded. Old rules know of no places.</summary>
    private bool FitsPlace(Operation operation, in EventRecord e) => !EventKinds.TellsPlace(e) || _seed.Rules < ReplayRules.Places || operation.Place == e.Place;

    /// <summary>The step of a pipeline whose code asks for something now.</summary>
    private string? Place => _seed.Rules < ReplayRules.Places ? null : _context.Place;

    /// <summary>What the code has asked for in the place of what a recorded event is about.</summary>
    private string ActualOf(in EventRecord e)
    {
        if (_open.Find(e.Operation) is { } operation) return operation.ToString();
        if (_main is { IsCompleted: true }) return "the code has ended";
        return e.Operation < _operations ? "an operation that has ended already" : $"the code asks for nothing more; outstanding: {_open}";
    }

    /// <summary>The run's code does not ask for what its history says.</summary>
    private static BlockException Diverged(in EventRecord recorded, string actual)
    {
        var expected = Describe(recorded) + (recorded.Source is null ? "" : $" recorded at {recorded.Source}");
        return new BlockException(RunBlockedReason.NonDeterminism,
            $"The code does not ask for what the history says. At event {recorded.Sequence} expected: {expected}. Actual: {actual}. "
            + "Bring the old code back, or keep it beside the new one as another version; then resume the run.")
        {
            Parting = (recorded.Sequence, expected, actual),
        };
    }

    private static string Describe(in EventRecord e)
    {
        var operation = e.Operation == EventRecord.NoOperation ? "" : $" (operation {e.Operation})";
        var name = e.Name.Length == 0 ? "" : $" \"{e.Name}\"";
        var place = e.Place is null ? "" : $" in step \"{e.Place}\"";
        return $"{e.Kind}{name}{place}{operation}";
    }

    private BlockException ForeignAwait(string what) => new(RunBlockedReason.ForeignAwait,
        $"{what} Workflow code may only await operations of its context and its own methods, without ConfigureAwait(false) on the latter; "
        + $"do other work inside a step. Outstanding operations: {_open}.");
}
