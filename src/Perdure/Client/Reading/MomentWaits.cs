using Perdure.Formats;
using Perdure.Storage;

namespace Perdure.Client;

/// <summary>What a run waited for as of the event that was followed last: timers, signals, hooks, questions to people, children.</summary>
/// <remarks>
/// Limits of awaits are left out: of one whose await ended in time no event tells. A request or child that a further attempt of the workflow no longer asks for stays
/// among the waits until it ends.
/// </remarks>
/// <param name="history">The run's history up to there.</param>
/// <param name="inherited">The hooks that the run before in a chain has left to this one; null for none.</param>
internal sealed class MomentWaits(EventRecord[] history, IReadOnlyList<OpenHook>? inherited)
{
    private readonly SortedDictionary<int, (EventRecord Began, string Kind)> _open = [];
    private readonly HookAnswers _answers = new(history, inherited);

    /// <summary>In the order of the operations.</summary>
    public IReadOnlyList<RunWait> Show()
    {
        var shown = new List<RunWait>(_open.Count);
        foreach (var (began, kind) in _open.Values) shown.Add(new RunWait(kind, began.Name, began.Due.IsNever ? null : began.Due.ToDateTimeOffset()));
        return shown;
    }

    /// <summary>Whether the run waits for what an operation has asked for.</summary>
    public bool IsOpen(int operation) => _open.ContainsKey(operation);

    /// <summary>Takes the next event.</summary>
    public void Follow(in EventRecord e)
    {
        if (e.Kind == EventKind.HookCreated && _answers.IsFull(e, e.Sequence)) return;
        if (KindOf(e) is { } kind) _open[e.Operation] = (e, kind);
        else if (e.Kind == EventKind.HookReceived)
        {
            if (OpenWaits.FindFull(_open.Values.Select(static wait => wait.Began), _answers, e) is { } full) _open.Remove(full);
        }
        else if (e.Kind is EventKind.WorkflowRetryScheduled or EventKind.RunReset) EndAttempt(keepsChildren: e.Kind == EventKind.WorkflowRetryScheduled);
        // An answer that no code was told, because the run was about to end, names its operation in the data.
        else if (e is { Kind: EventKind.InputProvided, Operation: EventRecord.NoOperation }) _open.Remove(RequestAnswerJson.OperationOf(e.Data));
        else if (_open.ContainsKey(e.Operation) && Ends(e.Kind)) _open.Remove(e.Operation);
    }

    /// <summary>The kind of wait that an event begins, as <see cref="RunWait.Kind"/> names it; null if it begins none.</summary>
    private static string? KindOf(in EventRecord e) => e.Kind switch
    {
        EventKind.SleepStarted => "timer",
        EventKind.WaitStarted when e.Name != EventKinds.LimitName => "signal",
        EventKind.HookCreated => "hook",
        EventKind.InputRequested => "input",
        EventKind.ChildStarted => "child",
        _ => null,
    };

    private static bool Ends(EventKind kind) => kind is EventKind.SleepCompleted or EventKind.SleepCancelled or EventKind.SignalReceived or EventKind.SignalConsumed
        or EventKind.WaitTimedOut or EventKind.WaitCancelled or EventKind.HookExpired or EventKind.HookDisposed or EventKind.InputProvided or EventKind.InputTimedOut
        or EventKind.InputCancelled or EventKind.ChildCompleted or EventKind.ChildFailed or EventKind.ChildCancelled;

    /// <summary>The next attempt keeps hooks and questions with their answers, and after a failed attempt the children that live.</summary>
    private void EndAttempt(bool keepsChildren)
    {
        var over = new List<int>();
        foreach (var (operation, wait) in _open)
            if (wait.Kind is "timer" or "signal" || wait.Kind == "child" && !keepsChildren) over.Add(operation);
        foreach (var operation in over) _open.Remove(operation);
    }
}
