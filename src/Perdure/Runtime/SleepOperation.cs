using Perdure.Authoring;
using Perdure.Formats;
using Perdure.Storage;

namespace Perdure.Runtime;

/// <summary>A durable timer.</summary>
internal sealed class SleepOperation(int number, SourceLine source, bool shielded) : Operation(number, OperationKind.Sleep, "", source, shielded)
{
    private readonly TaskCompletionSource _completion = new();

    public override Task Task => _completion.Task;

    public override void Complete(in EventRecord outcome, PayloadCodec codec) => _completion.SetResult();

    public override void Fail(Exception exception) => _completion.SetException(exception);
}
