namespace Perdure;

/// <summary>A query could not be answered: its handler failed, or the run's history cannot be replayed here. The run itself is as it was.</summary>
public sealed class QueryFailedException : PerdureException
{
    internal QueryFailedException(string runId, string query, string problem, Exception? inner = null)
        : base(ErrorCodes.QueryFailed, $"The query '{query}' of run '{runId}' failed: {problem}", inner) => (RunId, Query) = (runId, query);

    /// <summary>The run.</summary>
    public string RunId { get; }

    /// <summary>The query.</summary>
    public string Query { get; }
}
