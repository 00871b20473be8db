using Perdure.Storage;

namespace Perdure.Stores.Tests.Differential;

/// <summary>What workers and the stream learn from the answer to a group.</summary>
internal sealed partial class CommandStream
{
    private void Note(GroupOutcome outcome, bool late)
    {
        coverage.Note($"commit {outcome.Verdict}", outcome.Verdict != GroupVerdict.Refused);
        coverage.Note("commit Fenced after resolve", late && outcome.Verdict == GroupVerdict.Fenced);
        foreach (var refusal in outcome.Refusals) coverage.Note($"refused {refusal.Reason}");
    }

    private void Committed(StreamWorker worker, RunBundle bundle, BundleOutcome outcome)
    {
        if (bundle.Birth is { } birth)
        {
            var facts = Born(birth, outcome.Birth);
            if (facts is null || !bundle.Owned) return;
            worker.Runs.Add(birth.Key, new(birth.Key, 1, birth.Events.End, facts));
        }
        var run = worker.Runs[bundle.Run];
        run.Next += bundle.Events.Count;
        foreach (var message in run.Unread.FindAll(message => bundle.Consumed.Contains(message.Position)))
        {
            run.Unread.Remove(message);
            run.Facts.Open.Remove(OperationOf(message));
        }
        foreach (var attempt in bundle.EndedTasks)
        {
            worker.Tasks.Remove(attempt);
            run.Facts.Open.Remove(attempt.Operation);
        }
        foreach (var task in bundle.NewTasks)
        {
            run.Facts.Open.Add(task.Operation);
            run.Facts.NextOperation = Math.Max(run.Facts.NextOperation, task.Operation + 1);
            if (task.Claimed) worker.Tasks.Add(new(run.Key, task.Operation, 1));
        }
        foreach (var operation in outcome.CancelledTasks ?? []) run.Facts.Open.Remove(operation);
        if (outcome.Closed)
        {
            run.Facts.Closed = true;
            run.Facts.Open.Clear();
        }
        if (outcome.Closed || outcome.Released) worker.Runs.Remove(run.Key);

        coverage.Note("bundle only appended", outcome.Inbox == BundleOutcome.InboxUnknown);
        coverage.Note("message consumed", bundle.Consumed.Count > 0);
        coverage.Note("tasks cancelled", outcome.CancelledTasks is { Count: > 0 });
        coverage.Note(outcome.Closed ? "closed" : "not closed", bundle.Close is not null);
        coverage.Note(outcome.Released ? "released" : "not released", bundle.Release);
    }

    private static string Describe(RunBundle bundle) =>
        $"run {bundle.Run}{(bundle.Birth is null ? "" : bundle.Owned ? " owned birth" : " birth")} term {bundle.Term} base {bundle.BaseSequence} seen {bundle.Seen}"
        + $" +{bundle.Events.Count}{(bundle.Row is { } row ? $" {row.Status} due {row.DueAt}" : "")}{(bundle.Release ? " release" : "")}"
        + $"{(bundle.Close is { } close ? $" close {close.Status}{(close.KeepQueued ? " keep queued" : "")}" : "")}{(bundle.RequireSeen ? " require seen" : "")}"
        + $"{(bundle.NotBefore > Instant.Earliest ? $" not before {bundle.NotBefore}" : "")} consumed [{string.Join(' ', bundle.Consumed)}]"
        + $" ended [{string.Join(' ', bundle.EndedTasks)}] new [{string.Join(' ', bundle.NewTasks.Select(task => task.Operation))}] cancel [{string.Join(' ', bundle.CancelTasks)}]";
}
