using Perdure.Formats;
using Perdure.Storage;

namespace Perdure.Simulation;

/// <summary>I-19, I-20: what became of orders to end a wait.</summary>
internal static class WaitRules
{
    public static void Check(RunCase run)
    {
        foreach (var end in run.Cluster.Clients.SelectMany(static client => client.Log).OfType<EndWaitOp>())
        {
            if (!end.IsAcked || end.Message?.RunId != run.Id) continue;
            var ended = run.Events.Where(committed => committed.Event.Note == end.Message.Id).ToList();
            if (ended.Count > 1) run.Fail("I-20", $"the order {end.Message.Id} ended {ended.Count} waits.");
            else if (ended.Count == 1) CheckMeant(run, end, ended[0].Event);
            else if (end.Outcome.Verdict == PostVerdict.Accepted && !IsOver(run, end)) run.Fail("I-19", $"the accepted order {end.Message.Id} did not end wait {end.Wait}, nor did anything else.");
        }
    }

    /// <summary>An order ends the wait that it was meant for, which has had no other end.</summary>
    private static void CheckMeant(RunCase run, EndWaitOp order, in EventRecord end)
    {
        var meant = run.Events[order.Wait].Event;
        if (end.Operation != meant.Operation || end.Sequence <= meant.Sequence) run.Fail("I-20", $"the order to end wait {order.Wait} (operation {meant.Operation}) ended operation {end.Operation}.");
        for (var i = order.Wait + 1; i < end.Sequence; i++)
        {
            // A hook may have had some of its answers.
            var e = run.Events[i].Event;
            if (e.Operation == meant.Operation && IsEnd(e.Kind)) run.Fail("I-20", $"wait {order.Wait} ended with event {i} and again with event {end.Sequence}.");
        }
    }

    /// <summary>Whether the wait ended in another way, or the run before it took the order.</summary>
    private static bool IsOver(RunCase run, EndWaitOp order)
    {
        var meant = run.Events[order.Wait].Event;
        for (var i = order.Wait + 1; i < run.Events.Count; i++)
        {
            var e = run.Events[i].Event;
            if (e.Operation == meant.Operation && (IsEnd(e.Kind) || e.Kind == EventKind.HookReceived)) return true;
            if (e.Kind is EventKind.WorkflowStarted or EventKind.WorkflowRetryScheduled or EventKind.RunReset) return true;
        }
        return run.Row is null || run.Row.Status.IsTerminal() || run.Cluster.Data.Runs.Find(run.Ledger.Key)!.Inbox.All().Any(message => message.Id == order.Message!.Id);
    }

    private static bool IsEnd(EventKind kind) => kind is EventKind.SignalReceived or EventKind.WaitTimedOut or EventKind.WaitCancelled
        or EventKind.InputProvided or EventKind.InputTimedOut or EventKind.InputCancelled or EventKind.HookExpired or EventKind.HookDisposed;
}
