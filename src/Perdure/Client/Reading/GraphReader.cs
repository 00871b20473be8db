using Perdure.Authoring;
using Perdure.Formats;
using Perdure.Storage;

namespace Perdure.Client;

/// <summary>The graph of a run: that of its pipeline with the run's state laid over it, or else what its history shows.</summary>
internal static class GraphReader
{
    public static WorkflowGraph Read(RunInfo run, EventRecord[] history, WorkflowGraph? known) => known is null ? Observe(run, history) : Overlay(run, history, known);

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

    private static WorkflowGraph Observe(RunInfo run, EventRecord[] history)
    {
        var graph = new GraphBuilder(run.Workflow);
        graph.Begin();
        var steps = StepReader.Read(history).ToDictionary(static step => step.Operation);
        var waits = new SortedDictionary<int, (GraphNodeKind Kind, string Label, GraphNodeState State)>();
        foreach (var e in history)
        {
            if (EventKinds.OperationOf(e) is not (OperationKind.Sleep or OperationKind.Wait or OperationKind.Child) || e.Operation < 0) continue;
            var isChild = EventKinds.OperationOf(e) == OperationKind.Child;
            var label = waits.TryGetValue(e.Operation, out var seen) ? seen.Label : e.Name.Length == 0 ? "sleep" : e.Name;
            var state = e.Kind is EventKind.SleepStarted or EventKind.WaitStarted or EventKind.ChildStarted ? GraphNodeState.Waiting : e.Kind == EventKind.ChildFailed ? GraphNodeState.Failed : GraphNodeState.Completed;
            waits[e.Operation] = (isChild ? GraphNodeKind.Child : GraphNodeKind.Wait, label, state);
        }
        foreach (var operation in steps.Keys.Union(waits.Keys).Order())
        {
            if (!steps.TryGetValue(operation, out var step)) graph.Add(waits[operation].Kind, waits[operation].Label, waits[operation].State);
            else if (step.IsCompensation) graph.Add(GraphNodeKind.Compensation, step.Name, StateOf(step.Status));
            else graph.Add(GraphNodeKind.Step, step.Name, StateOf(step.Status));
        }
        var drawn = graph.Finish(EndOf(run.Status));
        return drawn with { Nodes = [drawn.Nodes[0] with { State = GraphNodeState.Completed }, .. drawn.Nodes.Skip(1)] };
    }

    /// <summary>A step with a queue is an activity whose name begins with the pipeline's.</summary>
    private static string NameOf(string step, string pipeline) => step.StartsWith(pipeline + "/", StringComparison.Ordinal) ? step[(pipeline.Length + 1)..] : step;

    private static GraphNodeState StateOf(RunStepStatus status) => status switch
    {
        RunStepStatus.Completed => GraphNodeState.Completed,
        RunStepStatus.Failed or RunStepStatus.TimedOut or RunStepStatus.Cancelled => GraphNodeState.Failed,
        RunStepStatus.RetryWait => GraphNodeState.Waiting,
        _ => GraphNodeState.Running,
    };

    private static GraphNodeState EndOf(RunStatus status) =>
        status == RunStatus.Completed ? GraphNodeState.Completed : status.IsTerminal() ? GraphNodeState.Failed : GraphNodeState.NotReached;
}
