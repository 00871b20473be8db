using System.Text.Json;
using Perdure.Authoring;
using Perdure.Formats;
using Perdure.Storage;

namespace Perdure.Client;

/// <content>Hooks and questions to people, from outside.</content>
internal sealed partial class PerdureClient
{
    public Task ResumeHookAsync(string token, object? payload, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(token);
        using var home = Home();
        return ResumeHookCoreAsync(token, _parts.Codec.SerializeFor(payload, declared: null, PayloadKind.Signal), cancellationToken);
    }

    public Task<HookInfo> GetHookAsync(string token, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(token);
        using var home = Home();
        return GetHookCoreAsync(token, cancellationToken);
    }

    public Task<HookList> ListHooksAsync(HookFilter? filter, CancellationToken cancellationToken)
    {
        filter ??= new HookFilter();
        var query = RequestReader.Query(RequestKind.Hook, (RequestState?)filter.Status, filter.Limit, filter.After, nameof(HookFilter)) with
        {
            RunId = filter.RunId, ExpiringWithin = filter.ExpiringWithin,
        };
        using var home = Home();
        return ListHooksCoreAsync(query, cancellationToken);
    }

    public Task ProvideInputAsync(string runId, string name, object? answer, string? by, string? requestId, CancellationToken cancellationToken)
    {
        Names.ValidateRunId(runId);
        Names.Validate(NameKind.Input, name);
        using var home = Home();
        return ProvideInputCoreAsync(runId, name, _parts.Codec.SerializeFor(answer, declared: null, PayloadKind.Signal), Shorten(by), requestId, cancellationToken);
    }

    public Task<InputList> ListInputsAsync(InputFilter? filter, CancellationToken cancellationToken)
    {
        filter ??= new InputFilter();
        var query = RequestReader.Query(RequestKind.Input, (RequestState?)filter.Status, filter.Limit, filter.After, nameof(InputFilter)) with
        {
            RunId = filter.RunId, Assignee = filter.Assignee, ExpiringWithin = filter.ExpiringWithin,
        };
        using var home = Home();
        return ListInputsCoreAsync(query, cancellationToken);
    }

    private async Task ResumeHookCoreAsync(string token, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        var hook = await FindHookAsync(token, cancellationToken);
        // What takes no answer any more says nothing about how one should look.
        if (hook.State == RequestState.Pending) AnswerCheck.Check(RequestDescription.Read(hook.Description), StoredJson.Read(payload), hook.Name);
        var id = NewMessageId();
        var outcome = await AnswerAsync(hook, id, OperationKind.Hook, payload, by: null, cancellationToken);
        while (outcome.Verdict == AnswerVerdict.NotFound && await FindHookAsync(token, cancellationToken) is var moved && moved.Run != hook.Run)
        {
            // Meanwhile another run went on in the place of the one that had it, under the same token.
            hook = moved;
            outcome = await AnswerAsync(hook, id, OperationKind.Hook, payload, by: null, cancellationToken);
        }
        if (outcome.Verdict == AnswerVerdict.Accepted) return;
        throw new HookRefusedException(outcome.Verdict switch
        {
            AnswerVerdict.AlreadyAnswered => ErrorCodes.AlreadyReceived,
            AnswerVerdict.NotFound => ErrorCodes.InvalidToken,
            _ => ErrorCodes.RequestExpired,
        });
    }

    private async Task<HookInfo> GetHookCoreAsync(string token, CancellationToken cancellationToken) => RequestReader.ShowHook(await FindHookAsync(token, cancellationToken));

    private async Task<RequestRecord> FindHookAsync(string token, CancellationToken cancellationToken)
    {
        var page = await RequestsAsync(new RequestQuery { Kind = RequestKind.Hook, TokenHash = TokenHash.Of(token), Limit = 1 }, cancellationToken);
        return page.Requests is [var hook] ? hook : throw new HookRefusedException(ErrorCodes.InvalidToken);
    }

    private async Task<HookList> ListHooksCoreAsync(RequestQuery query, CancellationToken cancellationToken)
    {
        var page = await RequestsAsync(query, cancellationToken);
        return new HookList([.. page.Requests.Select(RequestReader.ShowHook)], RequestReader.WriteCursor(page.Next));
    }

    private async Task<InputList> ListInputsCoreAsync(RequestQuery query, CancellationToken cancellationToken)
    {
        var page = await RequestsAsync(query, cancellationToken);
        return new InputList([.. page.Requests.Select(RequestReader.ShowInput)], RequestReader.WriteCursor(page.Next));
    }

    private async Task ProvideInputCoreAsync(string runId, string name, ReadOnlyMemory<byte> answer, string? by, string? requestId, CancellationToken cancellationToken)
    {
        var row = await RowAsync(new RunSelector(Id: runId), runId, cancellationToken);
        var asked = await RequestsAsync(new RequestQuery { Kind = RequestKind.Input, RunId = runId, Name = name, Limit = PerdureDefaults.MaxListLimit }, cancellationToken);
        var latest = asked.Requests.MaxBy(static request => request.Number);
        // At most one of a name is open.
        var open = asked.Requests.FirstOrDefault(static request => request.State == RequestState.Pending) ?? latest;
        if (open is null) throw row.Status.IsTerminal() ? new RunClosedException(runId, row.Status) : new InputRefusedException(ErrorCodes.NotWaiting, runId, name);
        if (requestId is not null && requestId != RequestReader.IdOf(open)) throw new InputRefusedException(ErrorCodes.StaleRequest, runId, name);
        if (open.State == RequestState.Pending) AnswerCheck.Check(RequestDescription.Read(open.Description), StoredJson.Read(answer), name);
        var outcome = await AnswerAsync(open, NewMessageId(), OperationKind.Input, answer, by, cancellationToken);
        if (outcome.Verdict == AnswerVerdict.Accepted) return;
        throw outcome.Verdict switch
        {
            AnswerVerdict.Closed => new RunClosedException(runId, outcome.Status!.Value),
            AnswerVerdict.AlreadyAnswered => new InputRefusedException(ErrorCodes.AlreadyProvided, runId, name),
            AnswerVerdict.Expired => new InputRefusedException(ErrorCodes.RequestExpired, runId, name),
            AnswerVerdict.NotFound => new InputRefusedException(ErrorCodes.StaleRequest, runId, name),
            _ => new InputRefusedException(ErrorCodes.NotWaiting, runId, name),
        };
    }

    private Task<AnswerOutcome> AnswerAsync(RequestRecord request, string id, OperationKind kind, ReadOnlyMemory<byte> answer, string? by, CancellationToken cancellationToken)
    {
        var message = new OutgoingMessage
        {
            RunKey = request.Run, Id = id, Kind = MessageKind.Answer, Name = request.Name,
            Payload = new RequestAnswerJson(kind, request.Operation, request.Number, request.Name, by, answer).WriteMessage(),
        };
        return _parts.Submissions.AnswerAsync(new RequestAnswer(request.Operation, request.Number, message), cancellationToken);
    }

    private async Task<Storage.RequestPage> RequestsAsync(RequestQuery query, CancellationToken cancellationToken)
    {
        await _parts.ReadyAsync(cancellationToken);
        return await _patience.RepeatAsync(token => _parts.Store.ListRequestsAsync(query, token), cancellationToken);
    }
}
