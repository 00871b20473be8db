using Perdure.Formats;
using Perdure.Storage;

namespace Perdure.Simulation;

/// <summary>I-19, I-20, I-22, I-23: what became of answers to requests.</summary>
internal static class RequestRules
{
    public static void Check(RunCase run)
    {
        var answers = run.Cluster.Clients.SelectMany(static client => client.Log).OfType<AnswerOp>().Where(op => op.IsAcked && op.Answer?.Message.RunId == run.Id).ToList();
        foreach (var answer in answers) CheckAnswer(run, answer);
        foreach (var request in run.Events.Where(static c => EventKinds.OpensRequest(c.Event.Kind))) CheckRequest(run, request.Event, answers);
    }

    /// <summary>
    /// An accepted answer stands in the history once; one that was refused does not. A hook that has moved to the run that went on knows what it was answered before, so what is accepted there may stand
    /// in the history of a run that is over.
    /// </summary>
    private static void CheckAnswer(RunCase run, AnswerOp answer)
    {
        var id = answer.Answer!.Message.Id;
        var received = Receipts(run.Ledger, id);
        var before = false;
        for (var earlier = ChainRules.Previous(run.Cluster, run.Ledger); earlier is not null && !before; earlier = ChainRules.Previous(run.Cluster, earlier)) before = Receipts(earlier, id) > 0;
        if (answer.Outcome.Verdict == AnswerVerdict.Accepted && received == 0 && !before && !IsUnread(run, answer)) run.Fail("I-19", $"the accepted answer {id} is neither in the history nor in the inbox.");
        if (answer.Outcome.Verdict != AnswerVerdict.Accepted && (received > 0 || before)) run.Fail("I-20", $"the answer {id} was refused ({answer.Outcome.Verdict}) and received.");
        if (received > 1) run.Fail("I-20", $"the answer {id} was received {received} times.");
        // Its token leads to whoever goes on, unless its time was up before.
        if (answer.Outcome.Verdict is AnswerVerdict.Closed or AnswerVerdict.Withdrawn && !answer.TokenHash.IsEmpty && run.Ledger.Close is { Status: RunStatus.ContinuedAsNew }
            && !run.Events.Any(committed => committed.Event.Kind == EventKind.HookExpired && committed.Event.Name == answer.Answer.Message.Name))
            run.Fail("I-22", $"it refused the answer {id} ({answer.Outcome.Verdict}), although another run has gone on in its place with its hook.");
    }

    private static int Receipts(RunLedger run, string answer) => run.Events.Count(committed => IsAnswer(committed.Event) && committed.Event.Note == answer);

    /// <summary>No request gets more answers than it takes, and none when its time is up.</summary>
    private static void CheckRequest(RunCase run, in EventRecord made, List<AnswerOp> answers)
    {
        var (operation, number) = (made.Operation, made.Sequence);
        var most = made.Kind == EventKind.HookCreated ? RunJson.ReadHook(made.Data).MaxReceipts : 1;
        var received = 0;
        var expired = false;
        foreach (var committed in run.Events)
        {
            var e = committed.Event;
            if ((IsAnswer(e) ? RequestAnswerJson.OperationOf(e.Data) : e.Operation) != operation || e.Sequence < number) continue;
            if (IsAnswer(e) && RequestAnswerJson.RequestOf(e.Data) == number)
            {
                received++;
                if (expired) run.Fail("I-23", $"request {number} of operation {operation} expired and was answered behind it.");
            }
            else if (EventKinds.OpensRequest(e.Kind) && e.Sequence != number) break;
            else if (e.Kind is EventKind.HookExpired or EventKind.InputTimedOut) expired = true;
        }
        if (received > most) run.Fail("I-20", $"request {number} of operation {operation} takes {most} answers and got {received}.");
        var accepted = answers.Count(answer => answer.Answer!.Operation == operation && answer.Answer.Number == number && answer.Outcome.Verdict == AnswerVerdict.Accepted);
        if (accepted > most) run.Fail("I-20", $"request {number} of operation {operation} takes {most} answers, and {accepted} were accepted.");
    }

    /// <summary>Whether it is still to be read: not when the run has gone on as another, which would have to have it.</summary>
    private static bool IsUnread(RunCase run, AnswerOp answer) => run.Ledger.Close is not { Status: RunStatus.ContinuedAsNew }
        && (run.Cluster.Data.Runs.Find(run.Ledger.Key)?.Inbox.All().Any(message => message.Id == answer.Answer!.Message.Id) ?? false);

    private static bool IsAnswer(in EventRecord e) => e.Kind is EventKind.HookReceived or EventKind.InputProvided;
}
