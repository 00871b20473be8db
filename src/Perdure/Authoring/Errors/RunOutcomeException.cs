namespace Perdure;

/// <summary>The awaited run ended without a result. The derived types say how.</summary>
public abstract class RunOutcomeException : PerdureException
{
    private protected RunOutcomeException(string code, string runId, string message) : base(code, message) => RunId = runId;

    /// <summary>The run.</summary>
    public string RunId { get; }
}
