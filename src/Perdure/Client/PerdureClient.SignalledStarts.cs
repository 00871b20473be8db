using Perdure.Authoring;
using Perdure.Storage;

namespace Perdure.Client;

/// <content>Starts that bring a signal along.</content>
internal sealed partial class PerdureClient
{
    public Task<RunHandle<TOut>> SignalWithStartAsync<TIn, TOut, T>(
        WorkflowDefinition<TIn, TOut> workflow, TIn input, Signal<T> signal, T payload, StartOptions options, string? messageId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(signal);
        CheckNamed(options);
        using var home = Home();
        var request = StartRequest.For(workflow, input, options, _parts.Workflows, _parts.Codec);
        return HandleOf<TOut>(SignalWithStartCoreAsync(request, signal.Name, _parts.Codec.Serialize(payload, PayloadKind.Signal), messageId, cancellationToken));
    }

    public Task<RunHandle> SignalWithStartAsync(
        string workflow, object? input, string signal, object? payload, StartOptions options, string? messageId, CancellationToken cancellationToken)
    {
        Names.Validate(NameKind.Signal, signal);
        CheckNamed(options);
        using var home = Home();
        var request = StartRequest.ByName(workflow, input, options, _parts.Workflows, _parts.Codec);
        return HandleOf(SignalWithStartCoreAsync(request, signal, _parts.Codec.SerializeFor(payload, declared: null, PayloadKind.Signal), messageId, cancellationToken));
    }

    private async Task<BirthOutcome> SignalWithStartCoreAsync(
        StartRequest request, string signal, ReadOnlyMemory<byte> payload, string? messageId, CancellationToken cancellationToken)
    {
        if (_parts.Transient is not null && !(request.Options.Durable ?? _parts.DefaultDurable))
            throw new NotDurableException("a signal that may start it must find it, in whatever process it is. Start it, and signal by its handle.");
        if (messageId is not null) CheckMessageId(messageId);
        await _parts.ReadyAsync(cancellationToken);
        var message = new OutgoingMessage { Id = messageId ?? NewMessageId(), Kind = MessageKind.Signal, Name = signal, Payload = payload };
        var started = await BearAsync(request, (birth, token) => _parts.Submissions.StartAsync(birth, message, token), cancellationToken);
        Accept(request, started.Birth);
        var run = started.Birth.Id!;
        if (started.Signal is not { } sent) throw new RunNotFoundException(run);
        // The run may have ended after it took an earlier copy: the caller's, or this call's own, whose answer was lost.
        if (sent.Verdict == PostVerdict.Closed && await HasTakenAsync(sent.RunKey, message.Id, cancellationToken)) return started.Birth;
        Refuse(run, sent);
        return started.Birth;
    }

    private static void CheckNamed(StartOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Key is null && options.Id is null)
            throw new InvalidOptionException(nameof(options), $"A start with a signal needs {nameof(StartOptions.Key)} or {nameof(StartOptions.Id)}: they say which run may be there already.");
    }
}
