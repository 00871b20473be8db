using Perdure.Authoring;
using Perdure.Formats;
using Perdure.Storage;

namespace Perdure.Client;

/// <summary>The graph of written code: what a run's history shows of its operations, one after the other in the order in which they were asked for.</summary>
internal static class ObservedGraph
{
    public static WorkflowGraph Read(RunInfo run, EventRecord[] history, IReadOnlyList<OpenHook>? inherited)
    {
        var nodes = new SortedDictionary<int, (GraphNodeKind Kind, string Label, GraphNodeState State)>();
        var waits = new MomentWaits(history, inherited);
        var answered = new HashSet<int>();
        foreach (var e in history)
        {
            waits.Follow(e);
            if (e.Operation == EventRecord.NoOperation || KindOf(e) is not { } kind) continue;
            if (e.Kind == EventKind.HookReceived) answered.Add(e.Operation);
            // A wait for any of several signals ends with the one that came.
            var label = nodes.TryGetValue(e.Operation, out var known) && !Begins(e.Kind) ? known.Label : e.Name.Length == 0 ? "sleep" : e.Name;
            nodes[e.Operation] = (kind, label, waits.IsOpen(e.Operation) ? GraphNodeState.Waiting : EndOf(e.Kind));
        }
        foreach (var step in StepReader.Read(history))
            nodes[step.Operation] = (step.IsCompensation ? GraphNodeKind.Compensation : GraphNodeKind.Step, step.Name, GraphReader.StateOf(step.Status));

        var graph = new GraphBuilder(run.Workflow);
        graph.Begin();
        foreach (var (operation, node) in nodes) graph.Add(node.Kind, node.Label, Settled(operation, node.Kind, node.State));
        var drawn = graph.Finish(GraphReader.EndOf(run.Status));
        return drawn with { Nodes = [drawn.Nodes[0] with { State = GraphNodeState.Completed }, .. drawn.Nodes.Skip(1)] };

        // Nothing of a run that has ended is worked on or waited for, and nothing is waited for that a further attempt of the workflow does not ask for.
        GraphNodeState Settled(int operation, GraphNodeKind kind, GraphNodeState state)
        {
            if (state is not (GraphNodeState.Running or GraphNodeState.Waiting)) return state;
            var isWait = kind is GraphNodeKind.Wait or GraphNodeKind.Child;
            if (!run.Status.IsTerminal() && (!isWait || waits.IsOpen(operation))) return state;
            // A hook that takes several answers is done when the run ends, if one came.
            return answered.Contains(operation) ? GraphNodeState.Completed : GraphNodeState.Cancelled;
        }
    }

    /// <summary>What an event tells of, as it is drawn; null for what is not, and for steps, which are read by themselves.</summary>
    private static GraphNodeKind? KindOf(in EventRecord e) => EventKinds.OperationOf(e) switch
    {
        OperationKind.Sleep or OperationKind.Wait or OperationKind.Hook or OperationKind.Input => GraphNodeKind.Wait,
        OperationKind.Child => GraphNodeKind.Child,
        OperationKind.Decision => GraphNodeKind.Branch,
        _ => null,
    };

    private static GraphNodeState EndOf(EventKind kind) => kind switch
    {
        EventKind.ChildFailed => GraphNodeState.Failed,
        EventKind.SleepCancelled or EventKind.WaitCancelled or EventKind.HookDisposed or EventKind.InputCancelled or EventKind.ChildCancelled => GraphNodeState.Cancelled,
        // Also the end of its time: the code goes on with that.
        _ => GraphNodeState.Completed,
    };

    private static bool Begins(EventKind kind) =>
        kind is EventKind.SleepStarted or EventKind.WaitStarted or EventKind.HookCreated or EventKind.InputRequested or EventKind.ChildStarted;
}
