using System.Text.Json;
using Perdure.Authoring;

namespace Perdure.Pipelines;

/// <summary>A pipeline. Register it with <c>AddPipeline</c>, and start it by <see cref="Workflow"/>.</summary>
/// <typeparam name="TInput">The input's type.</typeparam>
public sealed class PipelineDefinition<TInput> : PipelineDefinition
{
    private readonly PipelinePlan<TInput> _plan;

    internal PipelineDefinition(string name, int version, PipelinePlan<TInput> plan) : base(name, version, plan.Draw())
    {
        _plan = plan;
        Workflow = new WorkflowDefinition<TInput, JsonElement>(name, version);
    }

    /// <summary>What it is started by. Its result is what <see cref="Next.Finish"/> gave; else all data of the run.</summary>
    public WorkflowDefinition<TInput, JsonElement> Workflow { get; }

    internal override void Register(WorkflowRegistry workflows, ActivityRegistry activities)
    {
        workflows.Add(new WorkflowDescriptor<TInput, JsonElement>(new WorkflowIdentity(Name, Version, this), _plan.Options, _ => RunAsync) { Graph = Graph });
        foreach (var step in _plan.QueuedSteps) activities.Add(step.Describe(_plan.Name));
    }

    /// <inheritdoc/>
    public override string ToString() => Name;

    private Task<JsonElement> RunAsync(WorkflowContext context, TInput input) => _plan.HasUndos
        ? context.SagaAsync(saga => RunAsync(context, input, saga), new SagaOptions { CompensateOnCancel = context.CompensateOnCancel ?? _plan.CompensateOnCancel })
        : RunAsync(context, input, null);

    private async Task<JsonElement> RunAsync(WorkflowContext context, TInput input, Saga? saga)
    {
        var run = new PipelineRun<TInput>(_plan, context, input, saga);
        var scope = new PipelineScope(context.Data, new PipelineEnd(), null) { Progress = context.Progress };
        scope.Progress?.Begin();
        await _plan.Body.RunAsync(run, scope);
        return scope.End.Result ?? JsonBytes.Element(JsonBytes.Object(context.Data.Values.ByKey));
    }
}
