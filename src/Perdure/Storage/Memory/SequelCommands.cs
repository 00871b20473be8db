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
            if (outcomes[i].Closed && Post(bundle.Run, bundle.Close!.Messages, now)) outcomes[i] = outcomes[i] with { EndUnheard = true };
        }
    }

    /// <summary>Whether nobody hears of the end of a child that has closed: its parent has ended, and nobody goes on in its place.</summary>
    public bool IsUnheard(RunClose close)
    {
        foreach (var message in close.Messages)
        {
            if (message is { Kind: MessageKind.ChildEnd, RunKey: not 0 } && (runs.Find(message.RunKey) is not { } parent || runs.Live(parent).Status.IsTerminal())) return true;
        }
        return false;
    }

    /// <summary>True: the end of a child was among them, and its parent has ended.</summary>
    private bool Post(long sender, IReadOnlyList<OutgoingMessage> outgoing, Instant now)
    {
        var isUnheard = false;
        foreach (var message in outgoing)
        {
            if (message.ToChild && runs.Find(message.RunId!)?.Tie?.Parent != sender) continue;
            var verdict = messages.Post([message], now)[0].Verdict;
            isUnheard |= message is { Kind: MessageKind.ChildEnd, RunKey: not 0 } && verdict is (PostVerdict.Closed or PostVerdict.NotFound);
        }
        return isUnheard;
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
