using Perdure.Formats;
using Perdure.Storage;

namespace Perdure.Client;

/// <summary>What a run waited for as of the event that was followed last: timers, signals, hooks, questions to people, children.</summary>
/// <remarks>
/// Limits of awaits are left out: of one whose await ended in time no event tells. A request or child that a further attempt of the workflow no longer asks for stays
/// among the waits until it ends.
/// </remarks>
/// <param name="history">The run's history up to there.</param>
internal sealed class MomentWaits(EventRecord[] history)
{
    private readonly SortedDictionary<int, (EventRecord Began, string Kind)> _open = [];

    /// <summary>In the order of the operations.</summary>
    public IReadOnlyList<RunWait> Show()
    {
        var shown = new List<RunWait>(_open.Count);
        foreach (var (began, kind) in _open.Values) shown.Add(new RunWait(kind, began.Name, began.Due.IsNever ? null : began.Due.ToDateTimeOffset()));
        return shown;
    }

    /// <summary>Takes the next event.</summary>
    public void Follow(in EventRecord e)
    {
        if (KindOf(e) is { } kind) _open[e.Operation] = (e, kind);
        else if (e.Kind is EventKind.WorkflowRetryScheduled or EventKind.RunReset) EndAttempt(keepsChildren: e.Kind == EventKind.WorkflowRetryScheduled);
        else if (_open.TryGetValue(e.Operation, out var wait) && Ends(wait.Began, e)) _open.Remove(e.Operation);
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

    private bool Ends(in EventRecord began, in EventRecord e) => e.Kind switch
    {
        EventKind.SleepCompleted or EventKind.SleepCancelled or EventKind.SignalReceived or EventKind.SignalConsumed or EventKind.WaitTimedOut or EventKind.WaitCancelled
            or EventKind.HookExpired or EventKind.HookDisposed or EventKind.InputProvided or EventKind.InputTimedOut or EventKind.InputCancelled
            or EventKind.ChildCompleted or EventKind.ChildFailed or EventKind.ChildCancelled => true,
        EventKind.HookReceived => OpenWaits.IsLastAnswer(history, began, e),
        _ => false,
    };

    /// <summary>The next attempt keeps hooks and questions with their answers, and after a failed attempt the children that live.</summary>
    private void EndAttempt(bool keepsChildren)
    {
        var over = new List<int>();
        foreach (var (operation, wait) in _open)
            if (wait.Kind is "timer" or "signal" || wait.Kind == "child" && !keepsChildren) over.Add(operation);
        foreach (var operation in over) _open.Remove(operation);
    }
}
