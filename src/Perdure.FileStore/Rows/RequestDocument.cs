using Perdure.Storage.Memory;

namespace Perdure.Files.Rows;

/// <summary>A hook, or a question to people.</summary>
/// <param name="Request">The parts that never change.</param>
/// <param name="State">Where it stands.</param>
/// <param name="CreatedAt">When it was opened.</param>
/// <param name="AnsweredAt">When it was answered last, or never.</param>
/// <param name="Answers">Ids of the messages that answered it.</param>
/// <param name="TokenHash">SHA-256 of its token in base64; empty for none.</param>
internal sealed record RequestDocument(NewRequest Request, RequestState State, Instant CreatedAt, Instant AnsweredAt, IReadOnlyList<string> Answers, string TokenHash)
{
    public static RequestDocument Of(RequestRow row) => new(
        row.Request with { TokenHash = default }, row.State, row.CreatedAt, row.AnsweredAt, row.Answers, Convert.ToBase64String(row.Request.TokenHash.Span));

    public RequestRow ToRow() => new(Request with { TokenHash = Convert.FromBase64String(TokenHash) }, CreatedAt) { State = State, AnsweredAt = AnsweredAt, Answers = [.. Answers] };
}

/// <summary>What the installation keeps for all processes, in base64.</summary>
internal sealed record InstallationDocument(IReadOnlyDictionary<string, string> Kept);
