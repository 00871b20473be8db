using Perdure.Authoring;

namespace Perdure;

public abstract partial class WorkflowContext
{
    /// <summary>
    /// Lets the workflow answer a query (<see cref="IPerdureClient.QueryAsync{TResult}"/>) from its own variables. Whoever asks replays the run's history and calls the handler there, so it sees the
    /// run as of its last recorded event, also when the run has ended; whatever it changes is forgotten. It may read everything and ask the context for nothing.
    /// </summary>
    /// <remarks>Set it where the code begins, so that it answers from the start. A second handler of one name takes the place of the first.</remarks>
    /// <typeparam name="TArgument">The argument's type.</typeparam>
    /// <typeparam name="TResult">The answer's type.</typeparam>
    /// <param name="query">The query's name; <c>status</c> is the engine's.</param>
    /// <param name="handler">Answers. It must not be asynchronous.</param>
    /// <exception cref="InvalidOptionException">The name breaks the rule for names or is <c>status</c>, or the answer is a task.</exception>
    public void SetQueryHandler<TArgument, TResult>(string query, Func<TArgument, TResult> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        CheckQuery(query, typeof(TResult));
        SetQuery(query, new QueryHandler<TArgument, TResult>(handler));
    }

    /// <summary>As the other overload, for a query without an argument.</summary>
    /// <typeparam name="TResult">The answer's type.</typeparam>
    /// <param name="query">The query's name; <c>status</c> is the engine's.</param>
    /// <param name="handler">Answers. It must not be asynchronous.</param>
    /// <exception cref="InvalidOptionException">The name breaks the rule for names or is <c>status</c>, or the answer is a task.</exception>
    public void SetQueryHandler<TResult>(string query, Func<TResult> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        CheckQuery(query, typeof(TResult));
        SetQuery(query, new QueryHandler<TResult>(handler));
    }

    private protected abstract void SetQuery(string query, QueryHandler handler);

    private static void CheckQuery(string query, Type answer)
    {
        Names.Validate(NameKind.Query, query);
        if (query == "status") throw new InvalidOptionException(nameof(query), "Every run answers the query 'status' already. Give yours another name.", ErrorCodes.InvalidName);
        if (typeof(Task).IsAssignableFrom(answer) || answer == typeof(ValueTask) || answer.IsGenericType && answer.GetGenericTypeDefinition() == typeof(ValueTask<>))
            throw new InvalidOptionException(nameof(query), $"The handler of the query '{query}' is asynchronous. A query answers from what the workflow knows; keep that in a variable.");
    }
}
