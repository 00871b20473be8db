using Perdure.Authoring;

namespace Perdure.Pipelines.Nodes;

/// <summary>Chooses where the pipeline goes on; the choice is recorded.</summary>
internal sealed class DecideNode<TInput>(string name, Func<PipelineContext<TInput>, Next> decide, SourceLine source) : PipelineNode<TInput>(name)
{
    public override Task<string?> RunAsync(PipelineRun<TInput> run, PipelineScope scope)
    {
        var next = decide(run.See(Name, scope)) ?? throw new InvalidOperationException($"The decision '{Name}' returned null; return Next.Continue to go on.");
        run.Context.RecordDecision(Name, Describe(run, next), source);
        if (next == Next.Continue || next.Target is not null) return Task.FromResult(next.Target);
        scope.End.Reach(next.Result is { } result ? JsonBytes.Element(run.Codec.Serialize(result, result.GetType())) : null);
        return Task.FromResult<string?>(null);
    }

    public override void Draw(GraphBuilder graph) => graph.Add(GraphNodeKind.Branch, Name);

    private static ReadOnlyMemory<byte> Describe(PipelineRun<TInput> run, Next next)
    {
        var members = new List<KeyValuePair<string, ReadOnlyMemory<byte>>> { new("next", run.Codec.Serialize(next.Kind)) };
        if (next.Target is { } target) members.Add(new("target", run.Codec.Serialize(target)));
        return JsonBytes.Object(members);
    }
}
