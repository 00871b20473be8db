using System.Text.Json;
using Perdure.Authoring;

namespace Perdure.Pipelines.Nodes;

/// <summary>Waits for signals or people; the answer lands in the data under the node's name.</summary>
internal sealed class WaitNode<TInput>(string name, Func<WorkflowContext, PipelineScope, PayloadCodec, Task<JsonElement>> wait) : PipelineNode<TInput>(name)
{
    public static WaitNode<TInput> ForOne(string name, string signal, TimeSpan? timeout, Func<PayloadCodec, JsonElement> otherwise, SourceLine source)
    {
        var awaited = new Signal<JsonElement>(signal);
        return new(name, async (context, scope, codec) =>
        {
            if (timeout is not { } limit) return await scope.WaitAsync(context.WaitForAsync(awaited, source.File, source.Line));
            var answer = await scope.WaitAsync(context.TryWaitForAsync(awaited, limit, source.File, source.Line));
            return answer.IsReceived ? answer.Value : otherwise(codec);
        });
    }

    public static WaitNode<TInput> ForInput(string name, InputForm form, InputOptions? options, SourceLine source) =>
        new(name, (context, scope, _) => scope.WaitAsync(context.RequestInputAsync<JsonElement>(name, form, options, source.File, source.Line)));

    public static WaitNode<TInput> ForAny(string name, IReadOnlyList<string> signals, TimeSpan? timeout, SourceLine source)
    {
        Signal[] awaited = [.. signals.Select(static signal => new Signal<JsonElement>(signal))];
        return new(name, async (context, scope, codec) =>
        {
            var match = await scope.WaitAsync(context.WaitForAnyAsync(awaited, timeout, source.File, source.Line));
            return match.IsReceived
                ? Of(("name", codec.Serialize(match.Name)), ("payload", codec.Serialize((JsonElement)match.Payload!)))
                : Of(("timedOut", "true"u8.ToArray()));
        });
    }

    public static WaitNode<TInput> ForAll(string name, IReadOnlyList<string> signals, TimeSpan? timeout, SourceLine source)
    {
        Signal[] awaited = [.. signals.Select(static signal => new Signal<JsonElement>(signal))];
        return new(name, async (context, scope, codec) =>
        {
            var matches = await scope.WaitAsync(context.WaitForAllAsync(awaited, timeout, source.File, source.Line));
            var payloads = matches.Payloads.Select(pair => new KeyValuePair<string, ReadOnlyMemory<byte>>(pair.Key, codec.Serialize((JsonElement)pair.Value!)));
            return Of(("complete", matches.IsComplete ? "true"u8.ToArray() : "false"u8.ToArray()), ("payloads", JsonBytes.Object(payloads)));
        });
    }

    public override async Task<string?> RunAsync(PipelineRun<TInput> run, PipelineScope scope)
    {
        JsonElement answer;
        using (run.Context.EnterPlace(Name)) answer = await wait(run.Context, scope, run.Codec);
        scope.Data.Put(Name, answer);
        return null;
    }

    public override void Draw(GraphBuilder graph) => graph.Add(GraphNodeKind.Wait, Name);

    private static JsonElement Of(params ReadOnlySpan<(string Name, ReadOnlyMemory<byte> Value)> members)
    {
        var all = new List<KeyValuePair<string, ReadOnlyMemory<byte>>>();
        foreach (var (name, value) in members) all.Add(new(name, value));
        return JsonBytes.Element(JsonBytes.Object(all));
    }
}
