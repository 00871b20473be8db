using System.Text;
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
        foreach (var child in bundle.Children) coverage.Note("child asked for");

        coverage.Note("bundle only appended", outcome.Inbox == BundleOutcome.InboxUnknown);
        coverage.Note("message consumed", bundle.Consumed.Count > 0);
        coverage.Note("tasks cancelled", outcome.CancelledTasks is { Count: > 0 });
        coverage.Note("requests expired", outcome.ExpiredRequests is { Count: > 0 });
        coverage.Note(outcome.Closed ? "closed" : "not closed", bundle.Close is not null);
        coverage.Note(outcome.Released ? "released" : "not released", bundle.Release);
    }

    private static string Describe(RunBundle bundle)
    {
        var text = new StringBuilder($"run {bundle.Run} term {bundle.Term} base {bundle.BaseSequence} seen {bundle.Seen}");
        text.Append($" +{bundle.Events.Count}");
        if (bundle.Birth is not null) text.Append(bundle.Owned ? ", owned birth" : ", birth");
        if (bundle.Row is { } row) text.Append($", {row.Status} due {row.DueAt}");
        if (bundle.Release) text.Append(", release");
        if (bundle.Close is { } close) text.Append($", close {close.Status}").Append(close.KeepQueued ? " keeping queued" : "");
        if (bundle.RequireSeen) text.Append(", require seen");
        if (bundle.NotBefore > Instant.Earliest) text.Append($", not before {bundle.NotBefore}");
        if (bundle.Consumed.Count > 0) text.Append($", consume {string.Join(' ', bundle.Consumed)}");
        if (bundle.EndedTasks.Count > 0) text.Append($", end {string.Join(' ', bundle.EndedTasks)}");
        if (bundle.NewTasks.Count > 0) text.Append($", new {string.Join(' ', bundle.NewTasks.Select(task => task.Operation))}");
        if (bundle.Children.Count > 0) text.Append($", children {Names(bundle.Children.Select(child => child.Birth))}");
        if (bundle.Messages.Count > 0) text.Append($", messages {string.Join(' ', bundle.Messages.Select(message => $"{message.Id} to {message.RunKey} {message.RunId}"))}");
        if (bundle.Close is { Messages.Count: > 0 } end) text.Append($", at close {string.Join(' ', end.Messages.Select(message => $"{message.Id} to {message.RunKey} {message.RunId}"))}");
        if (bundle.Close is { Successor: { } successor }) text.Append($", successor {successor.Id}");
        if (bundle.CancelTasks.Count > 0) text.Append($", cancel {string.Join(' ', bundle.CancelTasks)}");
        return text.ToString();
    }
}
