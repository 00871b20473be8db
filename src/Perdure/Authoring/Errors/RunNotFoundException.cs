namespace Perdure;

/// <summary>There is no run of that id or key.</summary>
public sealed class RunNotFoundException : PerdureException
{
    internal RunNotFoundException(string runId) : base(ErrorCodes.RunNotFound, $"There is no run '{runId}'.") => RunId = runId;

    /// <summary>What was looked for.</summary>
    public string RunId { get; }
}
