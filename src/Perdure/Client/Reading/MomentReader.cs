using System.Text.Json;
using Perdure.Authoring;
using Perdure.Storage;

namespace Perdure.Client;

/// <summary>A run as of one of its events: what its history says up to there.</summary>
internal static class MomentReader
{
    public static RunMoment Read(EventRecord[] history, int sequence, DataValues inherited, PayloadCodec codec)
    {
        var past = history[..(sequence + 1)];
        var steps = StepReader.Read(past);
        var waits = new SortedDictionary<int, RunWait>();
        var published = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        var data = inherited;
        var attempt = 1;
        foreach (var e in past)
        {
            switch (e.Kind)
            {
                case EventKind.WorkflowStarted:
                    attempt = Math.Max(1, e.Attempt);
                    data = inherited;
                    waits.Clear();
                    break;
                case EventKind.WorkflowRetryScheduled or EventKind.RunReset:
                    waits.Clear();
                    break;
                case EventKind.ContextChanged:
                    data = DataDelta.Apply(data, e.Data);
                    break;
                case EventKind.StatePublished:
                    published[e.Name] = StoredJson.Read(e.Data);
                    break;
                case EventKind.SleepStarted:
                    waits[e.Operation] = new RunWait("timer", e.Name, Show(e.Due));
                    break;
                case EventKind.WaitStarted:
                    waits[e.Operation] = new RunWait("signal", e.Name, Show(e.Due));
                    break;
                case EventKind.SleepCompleted or EventKind.SleepCancelled or EventKind.WaitTimedOut or EventKind.WaitCancelled or EventKind.SignalReceived or EventKind.SignalConsumed:
                    waits.Remove(e.Operation);
                    break;
            }
        }
        return new RunMoment
        {
            Event = HistoryReader.Show(past[^1]), Status = StatusOf(past[^1], steps), Attempt = attempt, Steps = steps, WaitingFor = [.. waits.Values],
            PendingSignals = SignalReader.Read(past), Data = new RunDataView(data, codec), Published = published,
        };
    }

    private static RunStatus StatusOf(in EventRecord last, IReadOnlyList<RunStep> steps) => last.Kind switch
    {
        EventKind.WorkflowCompleted => RunStatus.Completed,
        EventKind.WorkflowFailed when last.Note == Formats.EndNotes.CompensationFailed => RunStatus.CompensationFailed,
        EventKind.WorkflowFailed => RunStatus.Failed,
        EventKind.WorkflowCancelled => RunStatus.Cancelled,
        EventKind.WorkflowTimedOut => RunStatus.TimedOut,
        EventKind.WorkflowTerminated => RunStatus.Terminated,
        EventKind.RunBlocked => RunStatus.Blocked,
        EventKind.RunPaused => RunStatus.Paused,
        EventKind.SleepStarted or EventKind.WaitStarted => steps.Any(static step => step.Status is RunStepStatus.Queued or RunStepStatus.Running) ? RunStatus.Running : RunStatus.Suspended,
        _ => RunStatus.Running,
    };

    private static DateTimeOffset? Show(Instant due) => due.IsNever ? null : due.ToDateTimeOffset();
}
