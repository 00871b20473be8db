namespace Perdure;

/// <summary>The handler of a query asked the workflow context for something. A query only reads.</summary>
public sealed class QueryMayNotScheduleException : PerdureException
{
    internal QueryMayNotScheduleException(string query)
        : base(ErrorCodes.QueryMayNotSchedule, $"The handler of the query '{query}' used the workflow context. A query only reads: answer from the workflow's variables.") => Query = query;

    /// <summary>The query.</summary>
    public string Query { get; }
}
