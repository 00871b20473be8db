namespace Perdure.Storage.Memory;

/// <summary>What others send to a run, and what operators do to closed ones.</summary>
internal sealed class MessageCommands(RunTable runs, TaskTable tasks)
{
    public IReadOnlyList<PostOutcome> Post(IReadOnlyList<OutgoingMessage> messages, Instant now)
    {
        var outcomes = new PostOutcome[messages.Count];
        for (var i = 0; i < outcomes.Length; i++) outcomes[i] = Post(messages[i], Find(messages[i]) is { } run ? runs.Live(run) : null, MessageBox.NoOperation, now);
        return outcomes;
    }

    /// <summary>Puts a message into an inbox. <paramref name="operation"/>: whose task's result it is, if it is one.</summary>
    public PostOutcome Post(OutgoingMessage message, RunRow? run, int operation, Instant now)
    {
        if (run is null) return new PostOutcome(PostVerdict.NotFound, 0, default, default);
        var known = run.Inbox.Holds(message.Id);
        // A signal that an ended run never read was accepted all the same.
        if (run.Status.IsTerminal()) return Answer(known && message.Kind == MessageKind.Signal ? PostVerdict.Duplicate : PostVerdict.Closed, run);
        if (known) return Answer(PostVerdict.Duplicate, run);
        if (message.Kind == MessageKind.Signal)
        {
            if (run.Signals >= PerdureDefaults.MaxPendingSignals) return Answer(PostVerdict.Full, run);
            run.Signals++;
        }

        run.Inbox.Add(message, operation, now);
        // What nobody has ever taken is ended whatever its queue says.
        if (run is { Status: RunStatus.Pending, Term: 0 } && message.Kind is (MessageKind.Cancel or MessageKind.Terminate)) runs.SetStartDeadline(run, Instant.Min(run.StartDeadline, now));
        var asleep = run.Status is RunStatus.Blocked or RunStatus.Paused;
        if (!asleep || message.WakesBlocked) runs.SetDue(run, Instant.Min(run.DueAt, now));
        run.UpdatedAt = now;
        return Answer(PostVerdict.Accepted, run);
    }

    /// <summary>Whether a message is in the inbox of a run, unread.</summary>
    public bool Holds(long run, string messageId) => runs.Find(run)?.Inbox.Holds(messageId) == true;

    public PostOutcome Reopen(OutgoingMessage message, Instant now)
    {
        if (Find(message) is not { } run) return new PostOutcome(PostVerdict.NotFound, 0, default, default);
        // A live run has been reopened already; its history knows the message even when the inbox does not hold it any more.
        if (!run.Status.IsTerminal()) return Answer(PostVerdict.Duplicate, run);
        if (run.Status is RunStatus.Completed or RunStatus.ContinuedAsNew) return Answer(PostVerdict.Closed, run);
        if (runs.HasLiveParent(run)) return Answer(PostVerdict.ParentLive, run);
        // A late copy of an order that was carried out before the run closed again.
        if (run.Inbox.Holds(message.Id) || message.SeenEvents != 0 && message.SeenEvents != run.EventCount) return Answer(PostVerdict.Duplicate, run);

        var outcome = Answer(PostVerdict.Accepted, run);
        // It has its chance once more, however long ago the first was.
        run.StartDeadline = Instant.Never;
        run.Status = RunStatus.Pending;
        run.Phase = RunPhase.Normal;
        run.ClosedAt = Instant.Never;
        run.Result = default;
        run.Failure = default;
        run.Crashes = 0;
        run.UpdatedAt = now;
        // What its end had let go on, and orders that came too late for it, belong to the life that is over.
        tasks.RemoveAll(run);
        run.Inbox.RemoveOrdersToStop();
        run.Inbox.Add(message, MessageBox.NoOperation, now);
        runs.SetDue(run, now);
        return outcome;
    }

    public IReadOnlyList<DeleteVerdict> Delete(IReadOnlyList<string> ids, Instant now)
    {
        var verdicts = new DeleteVerdict[ids.Count];
        for (var i = 0; i < verdicts.Length; i++) verdicts[i] = Delete(ids[i], now);
        return verdicts;
    }

    private DeleteVerdict Delete(string id, Instant now)
    {
        if (runs.Find(id) is not { } run) return DeleteVerdict.NotFound;
        if (!run.Status.IsTerminal()) return DeleteVerdict.Live;
        if (runs.IsInUse(run)) return DeleteVerdict.InUse;
        tasks.RemoveAll(run);
        runs.Remove(run, now);
        return DeleteVerdict.Deleted;
    }

    private RunRow? Find(OutgoingMessage message) =>
        message.RunKey != 0 ? runs.Find(message.RunKey) : message.RunId is { } id ? runs.Find(id) : null;

    private static PostOutcome Answer(PostVerdict verdict, RunRow run) => new(verdict, run.Key, run.Status, run.Phase);
}
