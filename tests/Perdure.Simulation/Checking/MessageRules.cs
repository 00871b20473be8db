using Perdure.Authoring;
using Perdure.Formats;
using Perdure.Storage;

namespace Perdure.Simulation;

/// <summary>I-19 to I-22: what became of messages.</summary>
internal static class MessageRules
{
    public static void Check(RunCase run)
    {
        foreach (var post in run.Posts)
        {
            if (!post.IsAcked) continue;
            switch (post.Outcome.Verdict)
            {
                case PostVerdict.NotFound when run.Ledger.Events.Count > 0 && run.Events[0].Order < post.InvokeOrder:
                    run.Fail("I-22", "a message was answered with NotFound after the run was born.");
                    break;
                case PostVerdict.Closed when run.Ledger.FirstClosedOrder == 0 || run.Ledger.FirstClosedOrder > post.AckOrder:
                    run.Fail("I-22", "a message was answered with Closed before the run had ended.");
                    break;
                case PostVerdict.Accepted or PostVerdict.Duplicate when post.Kind == MessageKind.Signal:
                    CheckKept(run, post);
                    break;
            }
        }
        CheckOrder(run);
        // Two commands to a schedule may say the same.
        if (run.IsSchedule) return;
        CheckOnce(run);
        SignalTakings.Check(run);
    }

    private static void CheckKept(RunCase run, PostOp post)
    {
        var id = post.Message!.Id;
        // What reached whoever went on in the run's place has reached the run.
        var pending = false;
        for (var member = run.Ledger; member is not null; member = ChainRules.Next(run.Cluster, member))
        {
            if (member.Events.Any(committed => committed.Event.Kind == EventKind.SignalReceived && committed.Event.Note == id)) return;
            pending |= run.Cluster.Data.Runs.Find(member.Key)?.Inbox.All().Any(message => message.Id == id) ?? false;
        }
        if (!pending) run.Fail("I-19", $"the acked signal {post.Name} ({id}) is neither in the history nor pending.");
    }

    /// <summary>No message has two events.</summary>
    private static void CheckOnce(RunCase run)
    {
        var doubled = run.Events.Where(static c => c.Event.Kind == EventKind.SignalReceived).GroupBy(SignalTakings.Payload).FirstOrDefault(static g => g.Count() > 1);
        if (doubled is not null) run.Fail("I-20", $"the signal {doubled.Key} was received {doubled.Count()} times.");
    }

    /// <summary>Signals of one name are received in the order of their senders.</summary>
    private static void CheckOrder(RunCase run)
    {
        var received = run.Events.Where(static c => c.Event.Kind == EventKind.SignalReceived).ToList();
        foreach (var sender in run.Posts.Where(static post => post is { IsAcked: true, Kind: MessageKind.Signal }).GroupBy(post => (Client: run.Cluster.Clients.First(client => client.Log.Contains(post)), post.Name)))
        {
            var last = -1;
            foreach (var post in sender.OrderBy(static post => post.InvokeOrder))
            {
                var at = received.FindIndex(committed => committed.Event.Note == post.Message!.Id);
                if (at < 0) continue;
                if (at < last) run.Fail("I-21", $"signals {post.Name} of {sender.Key.Client.Name} were received in another order than they were sent.");
                last = at;
            }
        }
    }
}
