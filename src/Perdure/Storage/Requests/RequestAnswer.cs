namespace Perdure.Storage;

/// <summary>An answer on its way to a request.</summary>
/// <param name="Operation">The operation that made the request.</param>
/// <param name="Number">Number of the request; an answer that is meant for an earlier one is refused.</param>
/// <param name="Message">The message that takes it to the run: <see cref="OutgoingMessage.RunKey"/> names the run, <see cref="OutgoingMessage.Id"/> makes the call repeatable.</param>
public sealed record RequestAnswer(int Operation, int Number, OutgoingMessage Message);

/// <summary>What became of an answer.</summary>
public enum AnswerVerdict
{
    /// <summary>It is in the run's inbox; also for a copy of an answer that was accepted before.</summary>
    Accepted,
    /// <summary>There is no such request: it was deleted, or another has taken its place.</summary>
    NotFound,
    /// <summary>It has all its answers.</summary>
    AlreadyAnswered,
    /// <summary>Its time has passed.</summary>
    Expired,
    /// <summary>Nobody waits for it any more.</summary>
    Withdrawn,
    /// <summary>Its run has ended.</summary>
    Closed,
}

/// <summary>Answer to an answer.</summary>
/// <param name="Verdict">What became of it.</param>
/// <param name="Status">Status of the run; null when there is no such request.</param>
public readonly record struct AnswerOutcome(AnswerVerdict Verdict, RunStatus? Status);
