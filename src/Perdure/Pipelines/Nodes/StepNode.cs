using System.Text.Json;
using Perdure.Authoring;

namespace Perdure.Pipelines.Nodes;

/// <summary>A step: its body runs outside the workflow, and what it changed of the data is applied when it has completed.</summary>
internal sealed class StepNode<TInput>(string name, StepAction<TInput> action, StepSettings<TInput> settings, SourceLine source) : PipelineNode<TInput>(name)
{
    private readonly StepOptions _options = new() { Retry = settings.RetryPolicy, Timeout = settings.TimeLimit };
    private readonly ActivityOptions _activity = new() { Retry = settings.RetryPolicy, StartToClose = settings.TimeLimit, Queue = settings.QueueName };

    /// <summary>Checks the options, so that a mistake is found when the pipeline is built.</summary>
    public StepNode<TInput> Checked()
    {
        if (settings.QueueName is null) _options.Validate();
        else _activity.Validate();
        return this;
    }

    /// <summary>The activity behind a step that has a queue.</summary>
    public ActivityDescriptor Describe(string pipeline) => new FunctionActivityDescriptor<JsonElement, JsonElement>(
        ActivityName(pipeline), null, action.Code.Method, action.NeedsServices,
        async (scope, call) =>
        {
            var codec = scope.Info.Codec;
            var step = QueuedStep.Read(call);
            var context = codec.Deserialize<TInput>(step.Input.Span);
            return JsonBytes.Element(await PipelineBody<TInput>.RunAsync(action, context, step.Data, step.Item, codec, scope));
        });

    public override async Task<string?> RunAsync(PipelineRun<TInput> run, PipelineScope scope)
    {
        try
        {
            scope.Data.Apply(JsonBytes.Of(await StartAsync(run, scope)));
        }
        catch (Exception e) when (run.Plan.CompensateInDoubt && e is OperationCanceledException or StepOutcomeUnknownException)
        {
            RegisterUndo(run, scope);
            throw;
        }
        RegisterUndo(run, scope);
        return null;
    }

    public override void Draw(GraphBuilder graph)
    {
        graph.Add(GraphNodeKind.Step, Name);
        if (settings.UndoName is { } undo) graph.AddUndo(undo);
    }

    private Task<JsonElement> StartAsync(PipelineRun<TInput> run, PipelineScope scope)
    {
        if (settings.QueueName is null)
            return run.Context.RunBodyAsync(Name, new PipelineBody<TInput>(action, run.Input, scope.Data.Values, scope.Item, run.Codec), _options, source);
        var call = new QueuedStep(run.Codec.Serialize(run.Input, PayloadKind.Input), scope.Data.Values, scope.Item).Write();
        return run.Context.ActivityAsync<JsonElement>(ActivityName(run.Plan.Name), call, _activity, source.File, source.Line);
    }

    private void RegisterUndo(PipelineRun<TInput> run, PipelineScope scope)
    {
        if (settings.Undo is { } undo)
            run.Saga!.Register(settings.UndoName!, new UndoBody<TInput>(undo, run.Input, scope.Data.Values, scope.Item, run.Codec), settings.UndoOptions, source);
    }

    private string ActivityName(string pipeline) => $"{pipeline}/{Name}";
}
