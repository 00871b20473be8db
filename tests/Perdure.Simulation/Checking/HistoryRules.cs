using Perdure.Formats;
using Perdure.Runtime;
using Perdure.Storage;

namespace Perdure.Simulation;

/// <summary>I-07, I-13, I-14, I-15, I-24, I-26: what a history may hold.</summary>
internal static class HistoryRules
{
    public static void Check(RunCase run)
    {
        CheckStored(run);
        CheckEnd(run);
        var operations = new Dictionary<(int Beginning, int Operation), OperationStory>();
        var beginning = 0;
        foreach (var committed in run.Events)
        {
            if (committed.Event.Kind == EventKind.WorkflowStarted) beginning++;
            if (committed.Event.Operation < 0) continue;
            var at = OfItsChild(operations, beginning, committed.Event);
            if (!operations.TryGetValue((at, committed.Event.Operation), out var story))
                operations[(at, committed.Event.Operation)] = story = new OperationStory(run, committed.Event.Operation);
            story.Add(committed);
        }
    }

    /// <summary>
    /// The attempt of the workflow to which an event belongs. A child outlives the attempt that started it, because the next one may wait for it; so its end may stand in a later attempt, ahead of the moment
    /// at which that one asks for a child, or starts another at the same place. The end belongs to the child that was started last. A second end of the same child is still a second outcome.
    /// </summary>
    private static int OfItsChild(Dictionary<(int Beginning, int Operation), OperationStory> operations, int beginning, in EventRecord e)
    {
        if (e.Kind is not (EventKind.ChildCompleted or EventKind.ChildFailed or EventKind.ChildCancelled)) return beginning;
        for (var at = beginning; at > 0; at--)
            if (operations.TryGetValue((at, e.Operation), out var story) && story.HasChild) return at;
        return beginning;
    }

    private static void CheckStored(RunCase run)
    {
        if (run.Row is not { } row) return;
        try
        {
            var stored = EventCodec.ReadAll(run.Cluster.Data.ReadHistoryAsync(row.Key, 0, default).Result, out var checksum);
            if (stored.Length != run.Events.Count || checksum != run.Ledger.Checksum) run.Fail("I-13", $"the store holds {stored.Length} events, {run.Events.Count} were committed, or their bytes differ.");
        }
        catch (CorruptHistoryException e)
        {
            run.Fail("I-13", e.Message);
        }
    }

    private static void CheckEnd(RunCase run)
    {
        for (var i = 0; i < run.Events.Count - 1; i++)
        {
            var (kind, next) = (run.Events[i].Event.Kind, run.Events[i + 1].Event.Kind);
            if (IsEnd(kind) != (next == EventKind.RunReset)) run.Fail("I-07", $"its event {i} is {kind}, and {next} follows.");
        }
        if (run.Events.Where(static c => c.Event.Kind == EventKind.RunReset).GroupBy(static c => c.Event.Note).FirstOrDefault(static g => g.Count() > 1) is { } again)
            run.Fail("I-07", $"the order {again.Key} reopened it {again.Count()} times.");
        var (isClosed, last) = (run.Row is not { } row || row.Status.IsTerminal(), run.Events[^1].Event.Kind);
        if (IsEnd(last) != isClosed) run.Fail("I-07", $"its last event is {last} and its status {run.Row?.Status}.");
        if (isClosed && run.Row is { } closed && last != EndOf(closed.Status)) run.Fail("I-07", $"its last event is {last}, its status {closed.Status}.");
    }

    private static EventKind EndOf(RunStatus status) =>
        status == RunStatus.CompensationFailed ? EventKind.WorkflowFailed : Enum.Parse<EventKind>("Workflow" + status);

    private static bool IsEnd(EventKind kind) => kind is EventKind.WorkflowCompleted or EventKind.WorkflowFailed or EventKind.WorkflowCancelled
        or EventKind.WorkflowTimedOut or EventKind.WorkflowTerminated or EventKind.WorkflowContinuedAsNew;

    /// <summary>The events of one operation in one attempt of the workflow.</summary>
    private sealed class OperationStory(RunCase run, int operation)
    {
        private Instant _due = Instant.Never;
        private Instant _failedAt;
        private EventKind? _end;
        private int _lastAttempt;
        private int _failures;
        private bool _begun;

        /// <summary>Whether it has started a child.</summary>
        public bool HasChild { get; private set; }

        public void Add(CommittedEvent committed)
        {
            var e = committed.Event;
            if (_end is { } end) Fail("I-15", $"has a {e.Kind} after its {end}");
            switch (e.Kind)
            {
                case EventKind.SleepStarted or EventKind.WaitStarted or EventKind.ActivityScheduled:
                    if (_begun) Fail("I-26", $"was begun twice ({e.Kind})");
                    _begun = true;
                    _due = e.Due;
                    break;
                case EventKind.ChildStarted:
                    HasChild = true;
                    break;
                case EventKind.SleepCompleted or EventKind.WaitTimedOut:
                    if (e.Note != EventKinds.ImmediateNote && committed.StoreNow < _due) Fail("I-24", $"ended at {committed.StoreNow}, before {_due}");
                    _end = e.Kind;
                    break;
                case EventKind.StepCompleted or EventKind.ActivityCompleted:
                    TakeAttempt(e);
                    _end = e.Kind;
                    break;
                case EventKind.StepFailed or EventKind.ActivityFailed or EventKind.ActivityTimedOut:
                    TakeAttempt(e);
                    _failures++;
                    _failedAt = e.At;
                    if (e.Note != FailureNotes.Retryable) _end = e.Kind;
                    else if (run.ActOf(e.Name) is { } act && _failures >= act.Tries) Fail("I-14", $"goes on after {_failures} failures of {act.Tries}");
                    break;
                case EventKind.StepRetryScheduled or EventKind.ActivityRetryScheduled:
                    var least = e.Undoes is not null ? Act.UndoRetryMs * 0.9 : run.Program.Flatten().Where(static act => act.Kind is ActKind.Step or ActKind.Activity).Min(static act => act.RetryMs) * 0.9;
                    if (e.Due - _failedAt < TimeSpan.FromMilliseconds(least)) Fail("I-14", $"is retried after {e.Due - _failedAt}");
                    CheckNotEarly(e);
                    break;
                case EventKind.SideEffect or EventKind.StatePublished or EventKind.SleepCancelled or EventKind.WaitCancelled or EventKind.ActivityCancelled
                    or EventKind.SignalReceived or EventKind.SignalConsumed or EventKind.ChildCompleted or EventKind.ChildFailed or EventKind.ChildCancelled:
                    _end = e.Kind;
                    break;
            }
        }

        private void TakeAttempt(in EventRecord e)
        {
            // A cancellation of what never began has the attempt before it.
            if (e.Attempt <= _lastAttempt && e.Note != FailureNotes.Cancelled && e.Note != FailureNotes.Final) Fail("I-15", $"has an outcome of attempt {e.Attempt} after one of attempt {_lastAttempt}");
            _lastAttempt = Math.Max(_lastAttempt, e.Attempt);
        }

        private void CheckNotEarly(in EventRecord e)
        {
            // Another attempt of the workflow begins anew, and waits for nothing that this one had planned.
            var workflowAttempt = run.AttemptAt(e.Sequence);
            foreach (var effect in run.Effects)
            {
                if (effect.Operation != operation || effect.WorkflowAttempt != workflowAttempt || effect.Attempt < e.Attempt || effect.Order < run.Events[e.Sequence].Order) continue;
                if (effect.StoreHigh < e.Due) Fail("I-24", $"began attempt {effect.Attempt} at {effect.StoreHigh}, before {e.Due}");
            }
        }

        private void Fail(string rule, string what) => run.Fail(rule, $"operation {operation} {what}.");
    }
}
