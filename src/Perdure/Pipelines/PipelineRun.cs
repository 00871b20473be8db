using Perdure.Authoring;

namespace Perdure.Pipelines;

/// <summary>One run of a pipeline, while its code is in memory.</summary>
internal sealed class PipelineRun<TInput>(PipelinePlan<TInput> plan, WorkflowContext context, TInput input, Saga? saga)
{
    public PipelinePlan<TInput> Plan => plan;

    public WorkflowContext Context => context;

    public TInput Input => input;

    /// <summary>Where undos are registered; null for a pipeline without any.</summary>
    public Saga? Saga => saga;

    public PayloadCodec Codec => context.Data.Codec;

    /// <summary>What workflow code of a node sees: its writes go into the scope's data.</summary>
    public PipelineContext<TInput> See(string node, PipelineScope scope) => new(input, scope.Data, context.RunId, node, scope.Item, Codec);
}
