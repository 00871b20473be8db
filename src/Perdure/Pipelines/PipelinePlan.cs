using Perdure.Authoring;
using Perdure.Pipelines.Nodes;

namespace Perdure.Pipelines;

/// <summary>What a builder collects: the nodes and the options of a pipeline.</summary>
internal sealed class PipelinePlan<TInput>(string name)
{
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    public string Name => name;

    public NodeSequence<TInput> Body { get; } = new();

    public WorkflowOptions Options { get; set; } = new();

    public bool CompensateOnCancel { get; set; }

    public bool CompensateInDoubt { get; set; }

    public bool HasUndos { get; set; }

    /// <summary>Steps that run as activities.</summary>
    public List<StepNode<TInput>> QueuedSteps { get; } = [];

    /// <summary>Takes a name for a node or an undo: each is used once in a pipeline.</summary>
    public void Take(string step)
    {
        Names.Validate(NameKind.Step, step);
        if (!_names.Add(step))
            throw new InvalidOptionException(step, $"The pipeline '{name}' has two steps named '{SafeText.Shorten(step, 80)}'. Names are unique in a pipeline, in all its branches.", ErrorCodes.InvalidRegistration);
    }

    /// <summary>Takes a name for a node that was given none: the wanted one, or one like it.</summary>
    public string TakeFresh(string wanted)
    {
        var name = wanted;
        for (var i = 2; !_names.Add(name); i++) name = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{wanted} ({i})");
        return name;
    }

    public WorkflowGraph Draw()
    {
        if (Body.IsEmpty) throw new InvalidOptionException(name, $"The pipeline '{name}' has no step.", ErrorCodes.InvalidRegistration);
        var graph = new GraphBuilder(name);
        graph.Begin();
        Body.Draw(graph);
        return graph.Finish();
    }
}
