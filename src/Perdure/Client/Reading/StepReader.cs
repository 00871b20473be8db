using System.Globalization;
using Perdure.Formats;
using Perdure.Storage;

namespace Perdure.Client;

/// <summary>What a history says of a run's steps and activities. Of an operation that later attempts of the workflow ran again, the last word counts.</summary>
internal static class StepReader
{
    public static IReadOnlyList<RunStep> Read(EventRecord[] history)
    {
        var steps = new SortedDictionary<int, RunStep>();
        foreach (var e in history)
        {
            if (StatusAfter(e) is not { } status) continue;
            var isActivity = EventKinds.OperationOf(e) == OperationKind.Activity;
            var step = steps.TryGetValue(e.Operation, out var known) && known.Name == e.Name && known.IsActivity == isActivity
                ? known
                : new RunStep
                {
                    Operation = e.Operation, Name = e.Name, IsActivity = isActivity, Status = status, Attempts = 0,
                    IsCompensation = e.Undoes is not null, CompensationFor = e.Undoes is { } undone ? steps.GetValueOrDefault(undone)?.Name : null,
                };
            steps[e.Operation] = Apply(step, e) with { Status = status };
        }
        return [.. steps.Values];
    }

    private static RunStepStatus? StatusAfter(in EventRecord e) => e.Kind switch
    {
        EventKind.ActivityScheduled => RunStepStatus.Queued,
        EventKind.StepStarted or EventKind.ActivityStarted => RunStepStatus.Running,
        EventKind.StepCompleted or EventKind.ActivityCompleted => RunStepStatus.Completed,
        EventKind.StepRetryScheduled or EventKind.ActivityRetryScheduled => RunStepStatus.RetryWait,
        EventKind.StepFailed when e.Note == FailureNotes.Cancelled => RunStepStatus.Cancelled,
        EventKind.StepFailed or EventKind.ActivityFailed => RunStepStatus.Failed,
        EventKind.ActivityTimedOut => RunStepStatus.TimedOut,
        EventKind.ActivityCancelled => RunStepStatus.Cancelled,
        _ => null,
    };

    private static RunStep Apply(RunStep step, in EventRecord e) => e.Kind switch
    {
        EventKind.ActivityScheduled => step with { Input = StoredJson.ReadOptional(e.Data), Output = null, Error = null, EndedAt = null },
        EventKind.StepStarted or EventKind.ActivityStarted => step with { Attempts = e.Attempt, StartedAt = StartOf(e), EndedAt = null },
        EventKind.StepCompleted or EventKind.ActivityCompleted =>
            step with { Attempts = e.Attempt, Output = StoredJson.Read(e.Data), Error = null, EndedAt = e.At.ToDateTimeOffset() },
        EventKind.StepFailed or EventKind.ActivityFailed or EventKind.ActivityTimedOut =>
            step with { Attempts = e.Attempt, Output = null, Error = RunError.Read(e.Data), EndedAt = e.At.ToDateTimeOffset() },
        EventKind.ActivityCancelled => step with { EndedAt = e.At.ToDateTimeOffset() },
        _ => step with { StartedAt = null, EndedAt = null },
    };

    /// <summary>A begin is often recorded later than it was; then the note tells the true time.</summary>
    private static DateTimeOffset StartOf(in EventRecord e) =>
        e.Note is not null && DateTimeOffset.TryParse(e.Note, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var at) ? at : e.At.ToDateTimeOffset();
}
