namespace Perdure.Storage.Memory;

/// <summary>What follows from the bundles of a group once all of them are written: children, successors, and messages to other runs.</summary>
internal sealed class SequelCommands(RunTable runs, BirthCommands births, MessageCommands messages)
{
    /// <summary>Creates the children of all bundles, then sends their messages. Corrects the answer to a bundle that got a message of its own.</summary>
    public void Apply(IReadOnlyList<RunBundle> bundles, BundleOutcome[] outcomes, Func<RunBundle, BirthOutcome, bool> hasRest, Instant now)
    {
        for (var i = 0; i < outcomes.Length; i++)
        {
            var bundle = bundles[i];
            if (bundle.Children.Count == 0 || !hasRest(bundle, outcomes[i].Birth)) continue;
            foreach (var child in bundle.Children) Bear(bundle.Run, child, now);
            outcomes[i] = outcomes[i] with { Inbox = runs.Get(bundle.Run).Inbox.Counter };
        }
        for (var i = 0; i < outcomes.Length; i++)
        {
            var bundle = bundles[i];
            if (outcomes[i].Closed && hasRest(bundle, outcomes[i].Birth) && bundle.Close!.Successor is { } successor) Succeed(runs.Get(bundle.Run), successor, bundle.Close.Moved, now);
        }
        for (var i = 0; i < outcomes.Length; i++)
        {
            var bundle = bundles[i];
            if (!hasRest(bundle, outcomes[i].Birth)) continue;
            Post(bundle.Run, bundle.Messages, now);
            if (outcomes[i].Closed) Post(bundle.Run, bundle.Close!.Messages, now);
        }
    }

    private void Post(long sender, IReadOnlyList<OutgoingMessage> outgoing, Instant now)
    {
        foreach (var message in outgoing)
        {
            if (!message.ToChild || runs.Find(message.RunId!)?.Tie?.Parent == sender) messages.Post([message], now);
        }
    }

    private void Succeed(RunRow run, RunBirth successor, IReadOnlyList<RequestMove> moved, Instant now)
    {
        births.Start(successor, owner: 0, now);
        var next = runs.Get(successor.Key);
        runs.Succeed(run, next);
        foreach (var move in moved) RequestTable.Move(run, next, move);
    }

    private void Bear(long parent, ChildBirth child, Instant now)
    {
        var outcome = births.Start(child.Birth, owner: 0, now);
        if (outcome.Verdict != BirthVerdict.Created) messages.Post([child.IfTaken!], now);
        else if (outcome.Key == child.Birth.Key) runs.Family.Add(runs.Get(outcome.Key), new FamilyTie(parent, child.Parent.Id, child.Parent.Root));
    }
}
