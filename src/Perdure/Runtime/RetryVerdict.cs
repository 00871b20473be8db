using Perdure.Formats;
using Perdure.Storage;

namespace Perdure.Runtime;

/// <summary>What follows a failed attempt. Decided once, when it fails, and recorded with it.</summary>
/// <param name="Note">One of <see cref="FailureNotes"/>.</param>
/// <param name="Due">When the next attempt is due, or never.</param>
/// <param name="Strategy">Where that instant comes from; null for the policy.</param>
internal readonly record struct RetryVerdict(string Note, Instant Due, string? Strategy = null)
{
    private const string RetryAfter = "retry_after";

    /// <summary>Decides by precedence: a cancellation ends the attempts, then a final error, a delay that the error asked for, and the policy.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="outcome">How its attempt ended; not completed.</param>
    /// <param name="cancelled">Whether it, or the run, was asked to stop.</param>
    /// <param name="now">The store's time.</param>
    /// <param name="jitter">Draws for the policy.</param>
    public static RetryVerdict Of(BodyOperation operation, BodyOutcome outcome, bool cancelled, Instant now, Func<double> jitter)
    {
        if (outcome.Verdict == BodyVerdict.Cancelled) return Final(FailureNotes.Cancelled);
        if (outcome.Verdict == BodyVerdict.Unknown) return Final(FailureNotes.Unknown);
        if (cancelled || outcome.Final || operation.Failures + 1 >= operation.Retry.MaxAttempts || Lists(operation.Retry, outcome.Failure!.Code))
            return Final(FailureNotes.Final);
        var isAsked = !outcome.RetryAt.IsNever;
        var due = isAsked ? Instant.Max(outcome.RetryAt, now) : now.Add(operation.Retry.DelayAfter(operation.Failures + 1, jitter()));
        if (operation is ActivityOperation activity && due >= activity.CloseDeadline) return Final(FailureNotes.Final);
        return new RetryVerdict(FailureNotes.Retryable, due, isAsked ? RetryAfter : null);
    }

    private static RetryVerdict Final(string note) => new(note, Instant.Never);

    /// <summary>Whether a policy lists a code as not worth a retry.</summary>
    public static bool Lists(RetryPolicy policy, string code)
    {
        for (var i = 0; i < policy.NonRetryable.Count; i++)
            if (policy.NonRetryable[i] == code) return true;
        return false;
    }
}
