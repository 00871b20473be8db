using System.Text.Json;
using Perdure.Authoring;
using Perdure.Formats;
using Perdure.Storage;

namespace Perdure.Runtime;

/// <summary>The exceptions that workflow code sees for recorded failures: the same live and on replay.</summary>
internal static class FailureExceptions
{
    public static Exception For(BodyOperation operation, in EventRecord e)
    {
        var failure = Payload.ReadFailure(e);
        if (e.Note == FailureNotes.Unknown) return new StepOutcomeUnknownException(operation.Name);
        if (operation is ActivityOperation)
            return e.Kind == EventKind.ActivityTimedOut
                ? new ActivityTimeoutException(operation.Name, e.Attempt, ClockOf(failure), failure)
                : new ActivityFailedException(operation.Name, e.Attempt, failure);
        return failure.Code == ErrorCodes.StepTimeout
            ? new StepTimeoutException(operation.Name, e.Attempt, failure)
            : new StepFailedException(operation.Name, e.Attempt, failure);
    }

    public static Exception OfChild(ChildOperation child, in EventRecord e)
    {
        var outcome = e.Kind == EventKind.ChildCancelled ? ChildOutcome.Cancelled : Enum.Parse<ChildOutcome>(e.Note!);
        return new ChildWorkflowException(child.Name, child.Id, outcome, e.Attempt, Payload.ReadFailure(e));
    }

    public static Exception OfSideEffect(in EventRecord e)
    {
        var failure = Payload.ReadFailure(e);
        return new WorkflowFailureException(failure.Code, failure.Message);
    }

    /// <summary>A timeout tells in its details which clock ran out.</summary>
    public static Failure OfClock(string code, string message, ActivityClock clock) =>
        new(code, message, JsonSerializer.SerializeToElement(clock.ToString(), RunJsonContext.Default.String));

    private static ActivityClock ClockOf(Failure failure) =>
        failure.Details is { ValueKind: JsonValueKind.String } clock && Enum.TryParse<ActivityClock>(clock.GetString(), out var value) ? value : ActivityClock.StartToClose;

    public static Failure OutcomeUnknown(BodyOperation body) => new(ErrorCodes.StepOutcomeUnknown,
        $"Step \"{body.Name}\" runs at most once; its attempt {body.LastAttempt + 1} began and its worker was lost before the outcome was recorded.");
}
