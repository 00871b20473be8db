using Perdure.Authoring;
using Perdure.Storage;

namespace Perdure.Client;

/// <summary>The graph of a pipeline with the state of a run laid over it, as the pipeline's own code tells it when it is brought to the end of the run's history.</summary>
/// <param name="run">The run.</param>
/// <param name="history">Its events.</param>
/// <param name="known">The graph of its pipeline.</param>
/// <param name="progress">How far the code has come.</param>
/// <param name="end">What is outstanding there.</param>
internal sealed class OverlaidGraph(RunInfo run, EventRecord[] history, WorkflowGraph known, GraphProgress progress, ReplayEnd end)
{
    private readonly Dictionary<int, RunStep> _steps = StepReader.Read(history).ToDictionary(static step => step.Operation);

    public WorkflowGraph Read()
    {
        var undos = Undos();
        var nodes = new GraphNode[known.Nodes.Count];
        for (var i = 0; i < nodes.Length; i++)
        {
            var node = known.Nodes[i];
            nodes[i] = node with
            {
                State = node.Kind switch
                {
                    GraphNodeKind.Start => progress.HasBegun ? GraphNodeState.Completed : GraphNodeState.NotReached,
                    GraphNodeKind.End => GraphReader.EndOf(run.Status),
                    GraphNodeKind.Compensation => undos.GetValueOrDefault(node.Label),
                    GraphNodeKind.Join => progress.Of(GraphProgress.JoinOf(node.Label), OfOpen),
                    _ => progress.Of(node.Label, OfOpen),
                },
            };
        }
        return known with { Nodes = nodes };
    }

    /// <summary>The state of a node that the code has entered and not left.</summary>
    private GraphNodeState OfOpen(string node)
    {
        if (run.Status.IsTerminal()) return GraphNodeState.Cancelled;
        if (run.Status is RunStatus.Paused or RunStatus.Blocked) return GraphNodeState.Waiting;
        var found = false;
        foreach (var (operation, name, hasBody) in end.Open)
        {
            if (name != node && name != $"{known.Name}/{node}") continue;
            if (hasBody && Attempted(operation) == GraphNodeState.Running) return GraphNodeState.Running;
            found = true;
        }
        return found || run.Status != RunStatus.Running || node.EndsWith('\n') ? GraphNodeState.Waiting : GraphNodeState.Running;
    }

    /// <summary>Whether a body runs. Of one that has just begun, and of one that an earlier attempt of the workflow has ended, no event tells that it runs.</summary>
    private GraphNodeState Attempted(int operation) => _steps.TryGetValue(operation, out var step) && step.Status is RunStepStatus.Queued or RunStepStatus.RetryWait
        ? GraphNodeState.Waiting
        : GraphNodeState.Running;

    /// <summary>What became of undos. Of several of one name, as loops make them, what is under way comes first, then what failed.</summary>
    private Dictionary<string, GraphNodeState> Undos()
    {
        var undos = new Dictionary<string, GraphNodeState>(StringComparer.Ordinal);
        // What an earlier attempt of the workflow has undone, the last one has done again.
        foreach (var step in StepReader.Read(history[LastStart()..]))
        {
            if (!step.IsCompensation) continue;
            var state = GraphReader.StateOf(step.Status);
            if (!undos.TryGetValue(step.Name, out var other) || Rank(state) > Rank(other)) undos[step.Name] = state;
        }
        // One that has just begun.
        foreach (var (operation, name, hasBody) in end.Open)
            if (hasBody && !undos.ContainsKey(name)) undos[name] = OfOpen(name);
        return undos;
    }

    private int LastStart()
    {
        var i = history.Length - 1;
        while (i > 0 && history[i].Kind != EventKind.WorkflowStarted) i--;
        return i;
    }

    private static int Rank(GraphNodeState state) => state is GraphNodeState.Running or GraphNodeState.Waiting ? 2 : state == GraphNodeState.Failed ? 1 : 0;
}
