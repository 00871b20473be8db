using Perdure.Authoring;
using Perdure.Formats;
using Perdure.Storage;

namespace Perdure.Simulation;

/// <summary>I-19 to I-23 and I-29: what became of messages.</summary>
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
                case PostVerdict.Closed when run.Ledger.ClosedOrder == 0 || run.Ledger.ClosedOrder > post.AckOrder:
                    run.Fail("I-22", "a message was answered with Closed before the run had ended.");
                    break;
                case PostVerdict.Accepted or PostVerdict.Duplicate when post.Kind == MessageKind.Signal:
                    CheckKept(run, post);
                    break;
            }
        }
        CheckOnce(run);
        CheckOrder(run);
        CheckCancel(run);
    }

    private static void CheckKept(RunCase run, PostOp post)
    {
        var id = post.Message!.Id;
        if (run.Events.Any(committed => committed.Event.Kind == EventKind.SignalReceived && committed.Event.Note == id)) return;
        var pending = run.Cluster.Data.Runs.Find(run.Ledger.Key)?.Inbox.All().Any(message => message.Id == id) ?? false;
        if (!pending) run.Fail("I-19", $"the acked signal {post.Name} ({id}) is neither in the history nor pending.");
    }

    /// <summary>No message has two events, and no payload is taken twice.</summary>
    private static void CheckOnce(RunCase run)
    {
        var doubled = run.Events.Where(static c => c.Event.Kind == EventKind.SignalReceived).GroupBy(static c => Payload(c)).FirstOrDefault(static g => g.Count() > 1);
        if (doubled is not null) run.Fail("I-20", $"the signal {doubled.Key} was received {doubled.Count()} times.");
        var taken = Taken(run).GroupBy(static c => Payload(c)).FirstOrDefault(static g => g.Count() > 1);
        if (taken is not null) run.Fail("I-20", $"the signal {taken.Key} was taken {taken.Count()} times.");
    }

    /// <summary>Signals of one name are received in the order of their senders, and taken in the order in which they were received.</summary>
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
        foreach (var name in received.GroupBy(static c => c.Event.Name))
        {
            var order = name.Select(static c => Payload(c)).ToList();
            var taken = Taken(run).Where(c => c.Event.Name == name.Key).Select(c => order.IndexOf(Payload(c))).ToList();
            for (var i = 1; i < taken.Count; i++)
                if (taken[i] < taken[i - 1]) run.Fail("I-21", $"signals {name.Key} were taken in another order than they were received.");
        }
    }

    private static void CheckCancel(RunCase run)
    {
        if (run.Ledger.ClosedOrder == 0 || run.Row is not { Status: not RunStatus.Terminated }) return;
        var asked = run.Ledger.Posted.FirstOrDefault(static post => post.Message.Kind == MessageKind.Cancel);
        if (asked.Message is null || asked.Order > run.Ledger.ClosedOrder) return;
        if (!run.Events.Any(static committed => committed.Event.Kind == EventKind.CancelRequested))
            run.Fail("I-29", $"it ended as {run.Row.Status} without having seen the cancellation that was recorded before.");
    }

    private static IEnumerable<CommittedEvent> Taken(RunCase run) =>
        run.Events.Where(static c => c.Event is { Kind: EventKind.SignalReceived, Operation: >= 0 } or { Kind: EventKind.SignalConsumed });

    private static string Payload(CommittedEvent committed) => PayloadCodec.Default.Deserialize<string>(committed.Event.Data.Span)!;
}
