using Perdure.Authoring;
using Perdure.Runtime;
using Perdure.Storage;

namespace Perdure.Worker;

/// <summary>Turns what a body threw into an outcome.</summary>
internal static class BodyOutcomes
{
    public static BodyOutcome Of(Exception exception, PayloadCodec codec, RetryPolicy retry, int attempt, bool cancelAsked, Instant now)
    {
        exception = Failure.Unwrap(exception);
        if (cancelAsked && exception is OperationCanceledException) return Cancelled(attempt);
        return new BodyOutcome
        {
            Verdict = BodyVerdict.Failed,
            Attempt = attempt,
            Failure = Failure.From(exception, codec),
            Final = NonRetryableErrors.Contains(retry, exception),
            RetryAt = exception is RetryAfterException after ? RetryAt(after, now) : Instant.Never,
        };
    }

    public static BodyOutcome Cancelled(int attempt) => new()
    {
        Verdict = BodyVerdict.Cancelled, Attempt = attempt, Failure = new Failure(ErrorCodes.WorkflowCancelled, "It was cancelled."),
    };

    public static BodyOutcome TimedOut(int attempt, string message, bool final) => new()
    {
        Verdict = BodyVerdict.TimedOut, Attempt = attempt, Failure = new Failure(ErrorCodes.StepTimeout, message), Final = final,
    };

    /// <summary>The time of all attempts of an activity is over.</summary>
    public static BodyOutcome Closed(int attempt, string message) => new()
    {
        Verdict = BodyVerdict.TimedOut, Attempt = attempt, Failure = FailureExceptions.OfClock(ErrorCodes.ActivityTimeout, message, ActivityClock.ScheduleToClose), Final = true,
    };

    private static Instant RetryAt(RetryAfterException retry, Instant now) => retry.Due is { } due ? Instant.From(due) : now.Add(retry.Delay!.Value);
}
