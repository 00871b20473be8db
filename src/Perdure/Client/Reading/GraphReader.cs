using Perdure.Authoring;
using Perdure.Formats;
using Perdure.Storage;

namespace Perdure.Client;

/// <summary>The graph of a run: that of its pipeline with the run's state laid over it, or else what its history shows.</summary>
internal static class GraphReader
{
    /// <param name="run">The run.</param>
    /// <param name="history">Its events.</param>
    /// <param name="inherited">The hooks that the run before in a chain has left to it; null for none.</param>
    /// <param name="known">The graph of its pipeline; null for written code.</param>
    /// <param name="progress">How far the code of the pipeline has come.</param>
    /// <param name="end">Where it stands; null when that is not known.</param>
    public static WorkflowGraph Read(RunInfo run, EventRecord[] history, IReadOnlyList<OpenHook>? inherited, WorkflowGraph? known, GraphProgress progress, ReplayEnd? end)
    {
        if (known is null || end is null) return ObservedGraph.Read(run, history, inherited);
        return new OverlaidGraph(run, history, known, progress, end).Read();
    }

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
