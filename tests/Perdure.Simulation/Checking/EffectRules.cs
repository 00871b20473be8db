using Perdure.Formats;
using Perdure.Storage;
using Perdure.Authoring;
using Perdure.Runtime;

namespace Perdure.Simulation;

/// <summary>I-08, I-09, I-10: what bodies did, against what is recorded of them.</summary>
internal static class EffectRules
{
    public static void Check(RunCase run)
    {
        CheckRecorded(run);
        foreach (var operation in run.Effects.GroupBy(static effect => (effect.WorkflowAttempt, effect.Operation, effect.Step)))
            if (operation.Select(static effect => effect.Key).Distinct().Count() > 1) run.Fail("I-09", $"operation {operation.Key.Operation} has several keys.");
        foreach (var step in run.Effects.Where(effect => !run.IsZombie(effect)).GroupBy(static effect => effect.Key)) CheckBegins(run, [.. step.OrderBy(static effect => effect.Order)]);
    }

    /// <summary>Every recorded outcome is what that attempt really returned.</summary>
    private static void CheckRecorded(RunCase run)
    {
        foreach (var committed in run.Events)
        {
            var e = committed.Event;
            if (e.Kind is EventKind.StepCompleted or EventKind.ActivityCompleted)
            {
                // An undo returns nothing, and a step of a pipeline changes of its data, which other rules read.
                var value = e.Undoes is null && !run.IsPipeline ? PayloadCodec.Default.Deserialize<string>(e.Data.Span) : null;
                if (!run.Effects.Any(effect => effect.Operation == e.Operation && effect.Attempt == e.Attempt && effect.Value is not null && effect.Value == (value ?? effect.Value) && effect.EndOrder < committed.Order))
                    run.Fail("I-10", $"operation {e.Operation} is recorded with {value} of attempt {e.Attempt}, which nobody returned.");
            }
            else if (e.Kind is EventKind.StepFailed or EventKind.ActivityFailed && e.Note == FailureNotes.Retryable)
            {
                var isTimeout = Failure.Decode(e.Data.Span).Code == ErrorCodes.StepTimeout;
                if (!isTimeout && !run.Effects.Any(effect => effect.Operation == e.Operation && effect.Attempt == e.Attempt && effect.HasFailed))
                    run.Fail("I-10", $"operation {e.Operation} is recorded as failed in attempt {e.Attempt}, which nobody saw.");
            }
        }
    }

    private static void CheckBegins(RunCase run, IReadOnlyList<Effect> begins)
    {
        for (var i = 0; i < begins.Count; i++)
        {
            var begin = begins[i];
            CheckNotCommitted(run, begin);
            if (i == 0) continue;
            var before = begins[i - 1];
            if (begin.Step != before.Step || begin.Operation != before.Operation) run.Fail("I-09", $"{begin.Step} and {before.Step} have the same key {begin.Key}.");
            // A graceful stop gives the attempt number back, and so do the end of a call to work and an order to stand still at once.
            if (begin.Attempt < before.Attempt || begin.Attempt == before.Attempt && before.Node is { IsStopping: false, IsPumped: false } && !WasInterrupted(run, before, begin))
                run.Fail("I-09", $"step {begin.Step} (operation {begin.Operation}) began attempt {begin.Attempt} on {begin.Node.Name} after attempt {before.Attempt} on {before.Node.Name}.");
            // What a Deferred step saw may have been forgotten with its process; that is what Deferred means.
            if (begin.WorkflowAttempt == before.WorkflowAttempt && begin.Seen != before.Seen && run.ActOf(begin.Step) is not { Deferred: true })
                run.Fail("I-12", $"step {begin.Step} (operation {begin.Operation}) began twice after having seen different things.");
            if (run.ActOf(begin.Step) is { AtMostOnce: true } && begin.WorkflowAttempt == before.WorkflowAttempt)
                run.Fail("I-08", $"step {begin.Step} runs at most once and began twice.");
        }
    }

    /// <summary>Whether the run was told to stand still at once while the first of two attempts ran, or before.</summary>
    private static bool WasInterrupted(RunCase run, Effect before, Effect begin) => run.Ledger.Posted.Any(
        post => post.Message.Kind == MessageKind.Pause && RunJson.ReadPause(post.Message.Payload).Interrupt && post.Order < begin.Order && (before.EndOrder == 0 || post.Order < before.EndOrder));

    private static void CheckNotCommitted(RunCase run, Effect begin)
    {
        for (var i = 0; i < run.Events.Count; i++)
        {
            var e = run.Events[i].Event;
            if (e.Operation != begin.Operation || e.Kind is not (EventKind.StepCompleted or EventKind.ActivityCompleted) || run.Events[i].Order > begin.Order) continue;
            // In a later attempt of the workflow an operation of the same number may be another one.
            if (run.AttemptAt(i) == begin.WorkflowAttempt) run.Fail("I-08", $"step {begin.Step} (operation {begin.Operation}) began on {begin.Node.Name} after its result was committed.");
        }
    }
}
