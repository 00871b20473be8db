using Perdure.Formats;
using Perdure.Storage;

namespace Perdure.Simulation;

/// <summary>I-05: a run has exactly the children that its history tells of, and hears of the end of each once, as it was.</summary>
internal static class ChildRules
{
    public static void Check(RunCase run)
    {
        var started = new HashSet<string>(StringComparer.Ordinal);
        var open = new Dictionary<int, string>();
        foreach (var committed in run.Events)
        {
            var e = committed.Event;
            switch (e.Kind)
            {
                case EventKind.ChildStarted:
                    var id = ChildNote.Read(e.Note!).Id;
                    if (!started.Add(id)) run.Fail("I-05", $"child {id} was started twice.");
                    if (run.Cluster.Tap.Find(id) is null) run.Fail("I-05", $"its event {e.Sequence} says that child {id} was started, but there is no such run.");
                    open[e.Operation] = id;
                    break;
                case EventKind.ChildCompleted or EventKind.ChildFailed or EventKind.ChildCancelled:
                    if (!open.Remove(e.Operation, out var ended)) run.Fail("I-05", $"its event {e.Sequence} tells of the end of a child that it does not wait for.");
                    else CheckEnd(run, e, ended);
                    break;
            }
        }
        if (ParentOf(run.Ledger) is not { } parent || run.Cluster.Tap.Find(parent.Id) is not { } ledger) return;
        var records = ledger.Events.Count(committed => committed.Event.Kind == EventKind.ChildStarted && ChildNote.Read(committed.Event.Note!).Id == parent.Child);
        if (records != 1) run.Fail("I-05", $"it is a child, and its parent {parent.Id} has {records} records of that.");
    }

    private static void CheckEnd(RunCase run, in EventRecord e, string child)
    {
        var last = run.Cluster.Tap.Find(child);
        while (last is not null && ChainRules.Next(run.Cluster, last) is { } next) last = next;
        if (last is not { Close: { } close })
        {
            run.Fail("I-05", $"its event {e.Sequence} tells of the end of child {child}, which lives.");
            return;
        }
        var expected = close.Status switch { RunStatus.Completed => EventKind.ChildCompleted, RunStatus.Cancelled => EventKind.ChildCancelled, _ => EventKind.ChildFailed };
        var data = close.Status == RunStatus.Completed ? close.Result : close.Failure;
        if (e.Kind != expected || !e.Data.Span.SequenceEqual(data.Span)) run.Fail("I-05", $"its event {e.Sequence} ({e.Kind}) does not tell how child {child} ended ({close.Status}).");
    }

    private static ParentLink? ParentOf(RunLedger ledger) => RunSettings.Read(ledger.Birth.Options) is { Continued: null, Parent: { } parent } ? parent : null;
}
