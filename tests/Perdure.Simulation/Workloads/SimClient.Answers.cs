using Perdure.Authoring;
using Perdure.Formats;
using Perdure.Runtime;
using Perdure.Storage;
using Perdure.Storage.Memory;

namespace Perdure.Simulation;

/// <content>Answers to hooks and questions.</content>
internal sealed partial class SimClient
{
    private async Task AnswerAsync(AnswerOp answer)
    {
        var id = _random.NextGuid().ToString("N");
        var asked = await AskedAsync(answer);
        if (asked is not null && answer.ThinksMs > 0) await Task.Delay(TimeSpan.FromMilliseconds(answer.ThinksMs), _time);
        while (asked is not null)
        {
            answer.Answer = new RequestAnswer(asked.Operation, asked.Number, new OutgoingMessage
            {
                RunKey = asked.Run, RunId = asked.RunId, Id = id, Kind = MessageKind.Answer, Name = asked.Name,
                Payload = new RequestAnswerJson(asked.Kind == RequestKind.Hook ? OperationKind.Hook : OperationKind.Input, asked.Operation, asked.Number, asked.Name, Name,
                    PayloadCodec.Default.Serialize(answer.Said = $"{Name}-{answer.InvokeOrder}")).WriteMessage(),
            });
            answer.Outcome = await CallAsync(answer, submissions => submissions.AnswerAsync(answer.Answer, default));
            if (answer.Outcome.Verdict != AnswerVerdict.NotFound || answer.TokenHash.IsEmpty) return;
            // As the real client does: another run may have gone on in the place of the one that had it. Whatever state it is in there, it knows what it has been answered.
            var page = await PatientAsync(_ => _patience.RepeatAsync(token => Store.ListRequestsAsync(new RequestQuery { TokenHash = answer.TokenHash, Limit = 1 }, token), default));
            asked = page.Requests is [var moved] && moved.Run != asked.Run ? moved : null;
        }
    }

    /// <summary>A request that is open; null if there is none for long.</summary>
    private async Task<RequestRecord?> AskedAsync(AnswerOp answer)
    {
        for (var waited = 0; waited < answer.PatienceMs; waited += 100)
        {
            if (_cluster.Tap.FindStart(answer.Run) is { } start)
            {
                var query = new RequestQuery { RunId = answer.OfAnyRun ? null : start.RunId, Name = answer.Name, State = RequestState.Pending, Limit = 10 };
                var page = await PatientAsync(_ => _patience.RepeatAsync(token => Store.ListRequestsAsync(query, token), default));
                if (page.Requests.Count > 0 && page.Requests[_random.Next(page.Requests.Count)] is var asked && Knows(answer, asked)) return asked;
            }
            await Task.Delay(TimeSpan.FromMilliseconds(100), _time);
        }
        return null;
    }

    /// <summary>Whoever answers a hook was given its token. False: the hook has moved on since it was seen.</summary>
    private bool Knows(AnswerOp answer, RequestRecord asked)
    {
        if (asked.Kind != RequestKind.Hook) return true;
        if (_cluster.Data.Runs.Find(asked.Run) is not { } run || RequestTable.Find(run, asked.Operation) is not { } row || row.Request.Number != asked.Number) return false;
        answer.TokenHash = row.Request.TokenHash;
        return true;
    }
}
