using Perdure.Authoring;
using Perdure.Formats;
using Perdure.Storage;

namespace Perdure.Runtime;

/// <summary>A durable limit on how long the code waits for another task, which goes on when the limit passes.</summary>
internal sealed class LimitOperation(int number, SourceLine source, bool shielded) : Operation(number, OperationKind.Limit, EventKinds.LimitName, source, shielded)
{
    private readonly TaskCompletionSource<bool> _completion = new();

    public override Task Task => _completion.Task;

    /// <summary>True when the awaited task ended first.</summary>
    public Task<bool> Result => _completion.Task;

    /// <summary>The awaited task ended first.</summary>
    public void Win()
    {
        Close();
        _completion.SetResult(true);
    }

    public override void Complete(in EventRecord outcome, PayloadCodec codec) => _completion.SetResult(false);

    public override void Fail(Exception exception) => _completion.SetException(exception);
}
