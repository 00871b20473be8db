using Perdure.Authoring;
using Perdure.Formats;
using Perdure.Storage;

namespace Perdure.Runtime;

/// <summary>A question to people.</summary>
internal sealed class InputOperation<T>(int number, string name, InputForm form, InputOptions options, ReadOnlyMemory<byte> fallback, SourceLine source, bool shielded)
    : RequestOperation(number, OperationKind.Input, name, source, shielded)
{
    private readonly TaskCompletionSource<T> _completion = new();

    public override Task Task => _completion.Task;

    public Task<T> Result => _completion.Task;

    public override EventKind CreationEvent => EventKind.InputRequested;

    public override EventKind ExpiryEvent => EventKind.InputTimedOut;

    public override EventKind CancelEvent => EventKind.InputCancelled;

    public override ReadOnlyMemory<byte> Describe(RuntimeKit kit) => RequestDescription.Of(form, options).Write();

    public override NewRequest ToRow(in EventRecord created, RuntimeKit kit) => new()
    {
        Operation = Number, Number = Request, Kind = RequestKind.Input, Name = Name, ExpiresAt = created.Due, Assignee = options.Assignee, Description = created.Data,
    };

    public override void Complete(in EventRecord outcome, PayloadCodec codec)
    {
        if (outcome.Kind == EventKind.InputProvided) _completion.SetResult(Payload.ReadAnswer<T>(codec, outcome, Name));
        else if (options.OnTimeout == InputTimeout.Fail) _completion.SetException(new InputTimeoutException(Name));
        else _completion.SetResult(codec.Deserialize<T>(fallback.Span));
    }

    public override void Fail(Exception exception) => _completion.SetException(exception);
}
