namespace Perdure.Files.Inbox;

/// <summary>Asks for a page of requests.</summary>
/// <param name="Query">Which, but for the token.</param>
/// <param name="TokenHash">SHA-256 of the token in base64; empty for any.</param>
internal sealed record RequestListRequest(RequestQuery Query, string TokenHash)
{
    public static RequestListRequest Of(RequestQuery query) => new(query with { TokenHash = default }, Convert.ToBase64String(query.TokenHash.Span));

    public RequestQuery ToQuery() => Query with { TokenHash = Convert.FromBase64String(TokenHash) };
}
