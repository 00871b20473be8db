using Perdure.Authoring;
using Perdure.Formats;
using Perdure.Storage;

namespace Perdure.Simulation;

/// <summary>I-29, I-30: what a recorded cancellation means for the end of a run, and for bodies that have not begun.</summary>
internal static class CancelRules
{
    public static void Check(RunCase run)
    {
        CheckNotOverlooked(run);
        CheckOfThisLife(run);
        for (var i = 0; i < run.Events.Count; i++)
            if (run.Events[i].Event.Kind == EventKind.CancelRequested) CheckNothingBegins(run, run.Events[i].Order, EndOfLife(run, i));
    }

    /// <summary>No run ends in ignorance of a cancellation that was recorded before.</summary>
    private static void CheckNotOverlooked(RunCase run)
    {
        if (run.Ledger.ClosedOrder == 0 || run.Row is not { Status: not RunStatus.Terminated }) return;
        var born = LifeAt(run, run.Ledger.ClosedOrder);
        if (!IsAsked(run, MessageKind.Cancel, born, run.Ledger.ClosedOrder)) return;
        if (!run.Events.Any(committed => committed.Event.Kind == EventKind.CancelRequested && committed.Order > born))
            run.Fail("I-29", $"it ended as {run.Row.Status} without having seen the cancellation that was recorded before.");
    }

    /// <summary>No life of a run is stopped by what was asked of an earlier one.</summary>
    private static void CheckOfThisLife(RunCase run)
    {
        foreach (var committed in run.Events)
        {
            var order = committed.Event.Kind switch
            {
                EventKind.CancelRequested when RunJson.ReadCancel(committed.Event.Data).Cause != CancellationCause.Timeout => MessageKind.Cancel,
                EventKind.WorkflowTerminated => MessageKind.Terminate,
                _ => default,
            };
            if (order != default && !IsAsked(run, order, LifeAt(run, committed.Order), committed.Order) && !IsOutOfGrace(run, committed))
                run.Fail("I-29", $"its event {committed.Event.Sequence} is {committed.Event.Kind}, which was asked of it before it was reopened.");
        }
    }

    /// <summary>Whether a run ends that was asked to cancel and whose cleanup has had its time, not earlier.</summary>
    private static bool IsOutOfGrace(RunCase run, CommittedEvent end)
    {
        if (end.Event.Kind != EventKind.WorkflowTerminated) return false;
        foreach (var committed in run.Events)
        {
            if (committed.Event.Kind != EventKind.CancelRequested || committed.Order < LifeAt(run, end.Order)) continue;
            if (RunJson.ReadCancel(committed.Event.Data).Grace is { } grace && end.Event.At >= committed.Event.At.Add(grace)) return true;
        }
        return false;
    }

    private static bool IsAsked(RunCase run, MessageKind order, long from, long to) =>
        run.Ledger.Posted.Any(post => post.Message.Kind == order && post.Order > from && post.Order < to);

    /// <summary>When the life began that the run led at a moment: the last reopening before, or 0.</summary>
    private static long LifeAt(RunCase run, long order) =>
        run.Ledger.Posted.Where(post => post.Message.Kind == MessageKind.Reopen && post.Order < order).Select(static post => post.Order).DefaultIfEmpty(0).Max();

    /// <summary>Outside of a shield no body begins, and no activity that nobody had taken. One that ran when it was cancelled may be taken again after its worker was lost, to be told to stop.</summary>
    private static void CheckNothingBegins(RunCase run, long from, long to)
    {
        foreach (var effect in run.Effects)
        {
            if (effect.Order < from || effect.Order > to || effect.Shielded || run.IsZombie(effect)) continue;
            if (run.Ledger.TaskClaims.Any(claim => claim.Operation == effect.Operation && claim.Number <= effect.Attempt && claim.Order < from)) continue;
            run.Fail("I-30", $"{effect.Step} (operation {effect.Operation}) began attempt {effect.Attempt} on {effect.Node.Name} after the cancellation was recorded.");
        }
    }

    /// <summary>A run that is reopened begins a life in which it is not cancelled.</summary>
    private static long EndOfLife(RunCase run, int index)
    {
        for (var i = index + 1; i < run.Events.Count; i++)
            if (run.Events[i].Event.Kind == EventKind.RunReset) return run.Events[i].Order;
        return long.MaxValue;
    }
}
