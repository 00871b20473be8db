using System.Text.Json;
using Perdure.Authoring;

namespace Perdure;

/// <summary>The awaited run failed.</summary>
public sealed class RunFailedException : RunOutcomeException
{
    private readonly Failure _failure;

    internal RunFailedException(string runId, Failure failure)
        : base(ErrorCodes.RunFailed, runId, $"The run '{runId}' failed: {failure.Message}") => _failure = failure;

    /// <summary>The code of the error that the run failed with, for example <c>not-approved</c>.</summary>
    public string ErrorCode => _failure.Code;

    /// <summary>The message of that error, at most 4,096 characters.</summary>
    public string ErrorMessage => _failure.Message;

    /// <summary>Whether a saga of the run has undone what it had done.</summary>
    public bool Compensated => _failure.Compensated;

    /// <summary>The details that it carried, as JSON; null when it carried none.</summary>
    public JsonElement? Details => _failure.Details;
}
