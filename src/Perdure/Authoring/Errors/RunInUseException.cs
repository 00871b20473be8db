namespace Perdure;

/// <summary>The run cannot be deleted or reopened because others depend on it.</summary>
public sealed class RunInUseException : PerdureException
{
    internal RunInUseException(string runId, string why, string code = ErrorCodes.RunInUse) : base(code, $"The run '{runId}' is in use: {why}") =>
        RunId = runId;

    /// <summary>The run.</summary>
    public string RunId { get; }
}
