using Perdure.Authoring;

namespace Perdure.Runtime;

/// <summary>The queries that the code of a run answers. Only a machine that was loaded to be asked has them: a live run keeps none. Not thread safe.</summary>
internal sealed class QueryHandlers
{
    private readonly SortedDictionary<string, QueryHandler> _handlers = new(StringComparer.Ordinal);

    /// <summary>The query that is being answered right now; null for none.</summary>
    public string? Answering { get; set; }

    /// <summary>Their names.</summary>
    public IReadOnlyList<string> Names => [.. _handlers.Keys];

    public void Set(string query, QueryHandler handler) => _handlers[query] = handler;

    public QueryHandler? Find(string query) => _handlers.GetValueOrDefault(query);
}
