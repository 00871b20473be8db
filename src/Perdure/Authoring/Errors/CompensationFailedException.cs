using Perdure.Authoring;

namespace Perdure;

/// <summary>
/// A saga failed, and not all of what it did could be undone. Uncaught, the run ends as <see cref="RunStatus.CompensationFailed"/> with the error that the saga
/// had failed with.
/// </summary>
public sealed class CompensationFailedException : PerdureException, IFinalError
{
    internal CompensationFailedException(Failure failure, IReadOnlyList<CompensationResult> results, Exception original)
        : base(ErrorCodes.CompensationFailed, Describe(failure, results), original) => (Failure, Results) = (failure, results);

    /// <summary>The code of the error that the saga failed with, for example <c>card_declined</c>.</summary>
    public string ErrorCode => Failure.Code;

    /// <summary>The message of that error.</summary>
    public string ErrorMessage => Failure.Message;

    /// <summary>What became of each undo, in the order in which they ran.</summary>
    public IReadOnlyList<CompensationResult> Results { get; }

    internal Failure Failure { get; }

    private static string Describe(Failure failure, IReadOnlyList<CompensationResult> results)
    {
        var failed = string.Join(", ", results.Where(static result => result.Status == CompensationStatus.Failed).Select(static result => $"'{result.Undo}'"));
        return $"The saga failed ({failure.Message}) and could not undo all that it did: {failed} failed for good. Undo it by hand, or mend the cause and retry the run.";
    }
}
