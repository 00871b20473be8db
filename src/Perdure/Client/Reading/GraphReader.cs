using Perdure.Authoring;
using Perdure.Formats;
using Perdure.Storage;

namespace Perdure.Client;

/// <summary>The graph of a run: that of its pipeline with the run's state laid over it, or else what its history shows.</summary>
internal static class GraphReader
{
    public static WorkflowGraph Read(RunInfo run, EventRecord[] history, IReadOnlyList<OpenHook>? inherited, WorkflowGraph? known) =>
        known is null ? ObservedGraph.Read(run, history, inherited) : Overlay(run, history, known);

    private static WorkflowGraph Overlay(RunInfo run, EventRecord[] history, WorkflowGraph known)
    {
        var states = new Dictionary<string, GraphNodeState>(StringComparer.Ordinal);
        // Iterations repeat a step: the last one counts.
        foreach (var step in StepReader.Read(history)) states[NameOf(step.Name, known.Name)] = StateOf(step.Status);
        foreach (var e in history)
            if (e.Kind == EventKind.DecisionMade) states[e.Name] = GraphNodeState.Completed;
        foreach (var wait in run.WaitingFor)
            foreach (var name in wait.Name.Split(", ")) states[name] = wait.Kind == "retry" ? GraphNodeState.Waiting : wait.Kind == "step" ? GraphNodeState.Running : GraphNodeState.Waiting;
        var nodes = new GraphNode[known.Nodes.Count];
        for (var i = 0; i < nodes.Length; i++)
        {
            var node = known.Nodes[i];
            var state = node.Kind switch
            {
                GraphNodeKind.End => EndOf(run.Status),
                GraphNodeKind.Wait when run.Data.Has(node.Label) => GraphNodeState.Completed,
                GraphNodeKind.Join => GraphNodeState.NotReached,
                _ => states.GetValueOrDefault(node.Label),
            };
            nodes[i] = node with { State = state };
        }
        Infer(nodes, known.Edges);
        return known with { Nodes = nodes };
    }

    /// <summary>What leaves no trace of its own was passed if the run has come to what follows.</summary>
    private static void Infer(GraphNode[] nodes, IReadOnlyList<GraphEdge> edges)
    {
        var reached = new HashSet<string>(StringComparer.Ordinal);
        for (var i = nodes.Length - 1; i >= 0; i--)
        {
            var node = nodes[i];
            if (node.State == GraphNodeState.NotReached && node.Kind is GraphNodeKind.Start or GraphNodeKind.Branch or GraphNodeKind.Join or GraphNodeKind.Wait
                && edges.Any(edge => edge.From == node.Id && reached.Contains(edge.To)))
                nodes[i] = node = node with { State = GraphNodeState.Completed };
            if (node.State != GraphNodeState.NotReached) reached.Add(node.Id);
        }
    }

    /// <summary>A step with a queue is an activity whose name begins with the pipeline's.</summary>
    private static string NameOf(string step, string pipeline) => step.StartsWith(pipeline + "/", StringComparison.Ordinal) ? step[(pipeline.Length + 1)..] : step;

    public static GraphNodeState StateOf(RunStepStatus status) => status switch
    {
        RunStepStatus.Completed => GraphNodeState.Completed,
        RunStepStatus.Failed or RunStepStatus.TimedOut => GraphNodeState.Failed,
        RunStepStatus.Cancelled => GraphNodeState.Cancelled,
        RunStepStatus.Queued or RunStepStatus.RetryWait => GraphNodeState.Waiting,
        _ => GraphNodeState.Running,
    };

    public static GraphNodeState EndOf(RunStatus status) => status switch
    {
        RunStatus.Completed or RunStatus.ContinuedAsNew => GraphNodeState.Completed,
        RunStatus.Cancelled or RunStatus.Terminated => GraphNodeState.Cancelled,
        _ => status.IsTerminal() ? GraphNodeState.Failed : GraphNodeState.NotReached,
    };
}
