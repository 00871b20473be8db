using Perdure.Authoring;

namespace Perdure;

/// <summary>The awaited run failed or was cancelled, and not all of what it did could be undone.</summary>
public sealed class RunCompensationFailedException : RunOutcomeException
{
    private readonly Failure _failure;

    internal RunCompensationFailedException(string runId, Failure failure)
        : base(ErrorCodes.CompensationFailed, runId, $"The run '{runId}' failed and could not undo all that it did: {failure.Message}") => _failure = failure;

    /// <summary>The code of the error that the run failed with, for example <c>card_declined</c>.</summary>
    public string ErrorCode => _failure.Code;

    /// <summary>The message of that error, at most 4,096 characters.</summary>
    public string ErrorMessage => _failure.Message;
}
