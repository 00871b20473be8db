using System.Text.Json;
using Perdure.Authoring;
using Perdure.Formats;
using Perdure.Storage;

namespace Perdure.Client;

/// <summary>A run as of one of its events: what its history says up to there.</summary>
internal static class MomentReader
{
    public static RunMoment Read(EventRecord[] history, int sequence, ContinuedFrom? before, PayloadCodec codec)
    {
        var inherited = DataValues.Read(before?.Data);
        var past = history[..(sequence + 1)];
        var steps = StepReader.Read(past);
        var waits = new MomentWaits(past, before?.Hooks);
        var published = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        var data = inherited;
        var attempt = 1;
        foreach (var e in past)
        {
            waits.Follow(e);
            switch (e.Kind)
            {
                case EventKind.WorkflowStarted:
                    attempt = Math.Max(1, e.Attempt);
                    data = inherited;
                    break;
                case EventKind.ContextChanged:
                    data = DataDelta.Apply(data, e.Data);
                    break;
                case EventKind.StatePublished:
                    published[e.Name] = StoredJson.Read(e.Data);
                    break;
            }
        }
        var status = StatusOf(past[^1], steps);
        return new RunMoment
        {
            Event = HistoryReader.Show(past[^1]), Status = status, Attempt = attempt, Steps = steps, WaitingFor = status.IsTerminal() ? [] : waits.Show(),
            PendingSignals = SignalReader.Read(past), Data = new RunDataView(data, codec), Published = published,
        };
    }

    private static RunStatus StatusOf(in EventRecord last, IReadOnlyList<RunStep> steps) => last.Kind switch
    {
        EventKind.WorkflowCompleted => RunStatus.Completed,
        EventKind.WorkflowFailed when last.Note == EndNotes.CompensationFailed => RunStatus.CompensationFailed,
        EventKind.WorkflowFailed => RunStatus.Failed,
        EventKind.WorkflowCancelled => RunStatus.Cancelled,
        EventKind.WorkflowTimedOut => RunStatus.TimedOut,
        EventKind.WorkflowTerminated => RunStatus.Terminated,
        EventKind.WorkflowContinuedAsNew => RunStatus.ContinuedAsNew,
        EventKind.RunBlocked => RunStatus.Blocked,
        EventKind.RunPaused => RunStatus.Paused,
        EventKind.SleepStarted or EventKind.WaitStarted or EventKind.HookCreated or EventKind.InputRequested or EventKind.ChildStarted =>
            steps.Any(static step => step.Status is RunStepStatus.Queued or RunStepStatus.Running) ? RunStatus.Running : RunStatus.Suspended,
        _ => RunStatus.Running,
    };
}
