using Perdure.Authoring;
using Perdure.Formats;
using Perdure.Storage;

namespace Perdure.Runtime;

/// <summary>How a run ends.</summary>
/// <param name="Status">The terminal status that follows.</param>
/// <param name="Result">Result, JSON.</param>
/// <param name="Failure">The failure, if there is one.</param>
/// <param name="Note">What its terminal event says besides; null for nothing.</param>
internal sealed record RunEnding(RunStatus Status, ReadOnlyMemory<byte> Result, Failure? Failure, string? Note = null)
{
    public static RunEnding Completed(ReadOnlyMemory<byte> result, string? note) => new(RunStatus.Completed, result, null, note);

    public static RunEnding Failed(Failure failure) => new(RunStatus.Failed, default, failure);

    /// <summary>The end of a run that could not undo what it did.</summary>
    public static RunEnding CompensationFailed(Failure failure) => new(RunStatus.CompensationFailed, default, failure, EndNotes.CompensationFailed);

    public static RunEnding Terminated(string? reason) =>
        new(RunStatus.Terminated, default, new Failure(ErrorCodes.RunTerminated, reason ?? EndNotes.Terminated));

    /// <summary>The end of a run that was asked to stop.</summary>
    public static RunEnding Stopped(Cancellation cancellation, Instant deadline, bool hasCompensated = false) => cancellation.IsTimeout
        ? new(RunStatus.TimedOut, default, new Failure(ErrorCodes.RunTimedOut, $"The run timeout passed at {deadline}.") { Compensated = hasCompensated })
        : new(RunStatus.Cancelled, default, new Failure(ErrorCodes.RunCancelled, cancellation.Request.Reason ?? EndNotes.Cancelled) { Compensated = hasCompensated });

    /// <summary>The end of a run that was asked to stop and whose cleanup has had its time.</summary>
    public static RunEnding OutOfGrace(Cancellation cancellation, Instant deadline) => cancellation.IsTimeout
        ? Stopped(cancellation, deadline)
        : Terminated($"Its cleanup took longer than the {Durations.Format(cancellation.Request.Grace!.Value)} that its cancellation gave it: {cancellation.Request.Reason ?? EndNotes.Cancelled}");

    /// <summary>The end of a run that waited in its queue for too long.</summary>
    public static RunEnding Expired(string queue, Instant deadline) =>
        new(RunStatus.TimedOut, default, new Failure(ErrorCodes.RunTimedOut, $"No worker took the run from queue \"{queue}\" until {deadline}, so it was not begun."));

    /// <summary>What the terminal event holds: the result, or the failure.</summary>
    public ReadOnlyMemory<byte> Data => Failure is null ? Result : Failure.Encode();

    public EventKind Event => Status switch
    {
        RunStatus.Completed => EventKind.WorkflowCompleted,
        RunStatus.Failed or RunStatus.CompensationFailed => EventKind.WorkflowFailed,
        RunStatus.Cancelled => EventKind.WorkflowCancelled,
        RunStatus.TimedOut => EventKind.WorkflowTimedOut,
        RunStatus.ContinuedAsNew => EventKind.WorkflowContinuedAsNew,
        _ => EventKind.WorkflowTerminated,
    };
}
