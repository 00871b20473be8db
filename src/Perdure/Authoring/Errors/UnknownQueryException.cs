using Perdure.Authoring;

namespace Perdure;

/// <summary>The workflow has no query of that name.</summary>
public sealed class UnknownQueryException : PerdureException
{
    internal UnknownQueryException(string query, string hint)
        : base(ErrorCodes.UnknownQuery, $"There is no query '{SafeText.Shorten(query, 255)}': {hint}") => Query = query;

    /// <summary>The name.</summary>
    public string Query { get; }
}
