using System.Text.Json;
using Perdure.Authoring;

namespace Perdure.Pipelines;

/// <summary>
/// A step's body as the engine runs it: each attempt gets the data as of the call and writes into a copy. Its result is what it changed, so that the change is committed
/// with the outcome, and a failed attempt leaves nothing.
/// </summary>
internal sealed class PipelineBody<TInput>(StepAction<TInput> action, TInput input, DataValues data, PipelineItem? item, PayloadCodec codec) : StepBody<JsonElement>
{
    public override bool NeedsServices => action.NeedsServices;

    public override async Task<JsonElement> InvokeAsync(AttemptScope scope) =>
        JsonBytes.Element(await RunAsync(action, input, data, item, codec, scope));

    /// <summary>Runs an attempt and returns what it changed.</summary>
    public static async Task<ReadOnlyMemory<byte>> RunAsync(
        StepAction<TInput> action, TInput input, DataValues data, PipelineItem? item, PayloadCodec codec, AttemptScope scope)
    {
        var own = new RunData(FreeData.Instance, codec, data);
        await action.Run(new PipelineContext<TInput>(input, own, scope.Info.RunId, scope.Info.StepName, item, codec), scope);
        return own.Delta();
    }
}

/// <summary>The body of an undo: it sees the data as it was behind the step that it undoes.</summary>
internal sealed class UndoBody<TInput>(StepAction<TInput> action, TInput input, DataValues data, PipelineItem? item, PayloadCodec codec) : StepBody<Unit>
{
    public override bool NeedsServices => action.NeedsServices;

    public override async Task<Unit> InvokeAsync(AttemptScope scope)
    {
        await PipelineBody<TInput>.RunAsync(action, input, data, item, codec, scope);
        return default;
    }
}
