using Perdure.Authoring;
using Perdure.Formats;
using Perdure.Storage;

namespace Perdure.Runtime;

/// <summary>An inline step.</summary>
internal sealed class StepOperation<TResult>(int number, string name, StepBody<TResult> body, StepOptions? options, RetryPolicy retry, SourceLine source, bool shielded)
    : BodyOperation(number, OperationKind.Step, name, source, shielded, retry)
{
    private readonly TaskCompletionSource<TResult> _completion = new();

    public override Task Task => _completion.Task;

    public Task<TResult> Result => _completion.Task;

    public override TimeSpan? Timeout => StepOptions.TimeoutOf(options);

    public override bool AtMostOnce => options?.Mode == StepMode.AtMostOnce;

    public override bool Deferred => options?.Durability == StepDurability.Deferred;

    public override string? StepId => options?.Id;

    public override bool NeedsServices => body.NeedsServices;

    public override async ValueTask<ReadOnlyMemory<byte>> ExecuteAsync(AttemptScope scope, PayloadCodec codec) =>
        codec.Serialize(await body.InvokeAsync(scope));

    public override void Complete(in EventRecord outcome, PayloadCodec codec) => _completion.SetResult(Payload.Read<TResult>(codec, outcome, Name));

    public override void Fail(Exception exception) => _completion.SetException(exception);
}
