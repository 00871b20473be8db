using Perdure.Authoring;
using Perdure.Formats;

namespace Perdure.Runtime;

/// <summary>A durable limit on how long the code waits for another task, which goes on when the limit passes.</summary>
internal sealed class LimitOperation(int number, SourceLine source, bool shielded) : Operation(number, OperationKind.Limit, EventKinds.LimitName, source, shielded)
{
    private readonly TaskCompletionSource<bool> _completion = new();

    public override Task Task => _completion.Task;

    public Task<bool> Result => _completion.Task;

    /// <summary>The awaited task ended first.</summary>
    public void Win()
    {
        if (IsDone) return;
        Close();
        _completion.SetResult(true);
    }

    public override void CompleteFromRecord(PayloadCodec codec) => _completion.TrySetResult(false);

    public override void Fail(Exception exception) => _completion.TrySetException(exception);
}
