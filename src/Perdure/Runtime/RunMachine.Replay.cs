using Perdure.Authoring;
using Perdure.Formats;
using Perdure.Storage;

namespace Perdure.Runtime;

/// <content>Loading a history: earlier attempts are absorbed, the current one is replayed through the same turns as live.</content>
internal sealed partial class RunMachine
{
    /// <summary>The replay rules that this build writes and reads.</summary>
    public const int EngineSemantics = ReplayRules.Current;

    private readonly Carry _carry = new();
    private readonly PriorityQueue<(Operation Operation, EventRecord Outcome), int> _carried = new();
    private EventRecord[] _recorded = [];
    private int _cursor;

    /// <summary>Takes the stored history, without running anything yet.</summary>
    public void Attach(EventRecord[] history, uint checksum, Instant now)
    {
        _recorded = history;
        _checksum = checksum;
        _next = history.Length;
        _draft = new RunDraft(_next);
        _lastAt = history[^1].At;
        _now = now;
    }

    /// <summary>
    /// Brings the code to where the history ends. <paramref name="acts"/> are an operator's acts that become its newest events. What the code asks for
    /// beyond the history is in the draft.
    /// </summary>
    /// <exception cref="BlockException">Code and history do not fit.</exception>
    public void Load(List<EventRecord> acts)
    {
        foreach (var act in acts) _recorded = [.. _recorded, Append(act)];
        var history = _recorded;
        var begin = Array.FindLastIndex(history, e => e.Kind == EventKind.WorkflowStarted);
        var boundary = Array.FindLastIndex(history, e => e.Kind is EventKind.WorkflowRetryScheduled or EventKind.RunReset);
        var absorbed = boundary > begin ? history.Length : begin;
        for (var i = 0; i < absorbed; i++) Absorb(history[i]);
        if (boundary > begin)
        {
            // The next attempt has not begun: it waits for its instant, and may be cancelled before.
            _attempt = Math.Max(_attempt + 1, history[boundary].Attempt);
            _attemptDue = history[boundary].Due.IsNever ? history[boundary].At : history[boundary].Due;
            _turnTime = _lastAt;
            _recorded = [];
            EndIfNeverEntered();
            return;
        }
        for (var i = begin; i < history.Length; i++) Recall(history[i]);
        _cursor = begin;
        _loading = true;
        try
        {
            Replay();
        }
        finally
        {
            _loading = false;
            _recorded = [];
            _cursor = 0;
        }
        GoLive();
    }

    /// <summary>Records that the run is quarantined; the last thing that this machine does.</summary>
    public void NoteBlocked(RunBlockedReason reason, string detail, Instant now)
    {
        _now = now;
        Append(new EventRecord { Kind = EventKind.RunBlocked, Name = reason.ToString(), Note = detail });
    }

    private void Replay()
    {
        // A run that was cancelled before its code was ever entered never enters it.
        if (_recorded.Length > _cursor + 1 && _recorded[_cursor + 1] is { Kind: EventKind.CancelRequested, Attempt: 0 } cancel)
        {
            _attempt = Math.Max(1, _recorded[_cursor].Attempt);
            _cancel = RunJson.ReadCancel(cancel.Data);
            _cancelledAt = cancel.At;
            EndIfNeverEntered();
            return;
        }
        while (true)
        {
            while (TryCarry()) { }
            SkipNeutral();
            if (_cursor == _recorded.Length) return;
            var e = _recorded[_cursor];
            if (!EventKinds.IsStimulus(e)) throw Diverged(e, "the code asks for nothing more before it is blocked");
            _cursor++;
            Apply(e);
        }
    }

    private void GoLive()
    {
        while (TryCarry()) { }
        if (_cancel is not null && Ending is null && _main is not null) StopBodies();
        EndTurn();
    }

    /// <summary>Takes an event of an earlier attempt for what it leaves behind.</summary>
    private void Absorb(in EventRecord e)
    {
        Recall(e);
        CountBlock(e);
        _carry.Absorb(e);
        switch (e.Kind)
        {
            case EventKind.SignalReceived when e.Operation == EventRecord.NoOperation:
                _signals.Add(e);
                break;
            case EventKind.SignalConsumed:
                _signals.TryTake([e.Name], out _);
                break;
            case EventKind.WorkflowStarted:
                _attempt = Math.Max(1, e.Attempt);
                break;
            case EventKind.StatePublished:
                (_published ??= new(StringComparer.Ordinal))[e.Name] = e.Data;
                break;
            case EventKind.CancelRequested:
                _cancel = RunJson.ReadCancel(e.Data);
                _cancelledAt = e.At;
                break;
            case EventKind.WorkflowRetryScheduled:
                _failedAttempts++;
                _carry.EndAttempt();
                break;
            case EventKind.RunReset:
                // A reopened run gets a fresh budget and as much time as it had at first.
                _failedAttempts = 0;
                _cancel = null;
                if (!_seed.Deadline.IsNever) _deadline = e.At.Add(_seed.Deadline - _createdAt);
                _carry.EndAttempt();
                break;
        }
    }

    private Instant _createdAt;

    /// <summary>What every event leaves behind, in whichever attempt it was written.</summary>
    private void Recall(in EventRecord e)
    {
        if (e.Sequence == 0) _createdAt = e.At;
        if (e.Kind is EventKind.SignalReceived or EventKind.RunReset or EventKind.RunResumed
            or EventKind.ActivityCompleted or EventKind.ActivityCancelled && e.Note is not null)
        {
            if (e.Note is not null) Note(e.Note);
        }
    }

    /// <summary>Hands over the next outcome of an earlier attempt, if the code has asked for one. False: nothing is left.</summary>
    private bool TryCarry()
    {
        if (!_carried.TryDequeue(out var next, out _)) return false;
        if (!next.Operation.IsDone) Complete(next.Operation, next.Outcome);
        return true;
    }

    private void SkipNeutral()
    {
        for (; _cursor < _recorded.Length && EventKinds.IsNeutral(_recorded[_cursor].Kind); _cursor++) CountBlock(_recorded[_cursor]);
    }

    /// <summary>Bodies that ran when the run was quarantined were forgotten, as with a loss: their attempt numbers are used up.</summary>
    private void CountBlock(in EventRecord e)
    {
        if (e.Kind == EventKind.RunBlocked) _blocks++;
    }

    /// <summary>Finds the open operation that a recorded event is about.</summary>
    private T Expect<T>(in EventRecord e) where T : Operation
    {
        var found = _open.Find(e.Operation);
        if (found is not T operation || EventKinds.OperationOf(e) != operation.Kind || !FitsName(operation, e))
            throw Diverged(e, found?.ToString() ?? "no open operation of that number");
        return operation;
    }

    private static bool FitsName(Operation operation, in EventRecord e) => e.Kind switch
    {
        EventKind.SignalReceived or EventKind.SignalConsumed => operation is WaitOperation wait && wait.Wants(e.Name),
        _ => operation.Name == e.Name,
    };

    /// <summary>The run's code does not ask for what its history says.</summary>
    private static BlockException Diverged(in EventRecord recorded, string actual)
    {
        var at = recorded.Source is null ? "" : $" recorded at {recorded.Source}";
        var operation = recorded.Operation == EventRecord.NoOperation ? "" : $" (operation {recorded.Operation})";
        var name = recorded.Name.Length == 0 ? "" : $" \"{recorded.Name}\"";
        return new BlockException(RunBlockedReason.NonDeterminism,
            $"The code does not ask for what the history says. At event {recorded.Sequence} expected: {recorded.Kind}{name}{operation}{at}. Actual: {actual}. "
            + "Bring the old code back, or keep it beside the new one as another version; then resume the run.");
    }

    private BlockException ForeignAwait(string what)
    {
        var waits = new System.Text.StringBuilder();
        for (var i = 0; i < _open.Count; i++) waits.Append(i == 0 ? "" : ", ").Append(_open[i]);
        return new BlockException(RunBlockedReason.ForeignAwait,
            $"{what} Workflow code may only await operations of its context; do other work inside a step. Outstanding operations: {(waits.Length == 0 ? "none" : waits)}.");
    }
}
