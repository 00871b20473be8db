using System.Globalization;
using Perdure.Authoring;
using Perdure.Formats;
using Perdure.Storage;

namespace Perdure.Client;

/// <summary>Rows of requests as callers see them.</summary>
internal static class RequestReader
{
    public static HookInfo ShowHook(RequestRecord row) => new()
    {
        RunId = row.RunId, Name = row.Name, Status = (HookStatus)row.State, CreatedAt = row.CreatedAt.ToDateTimeOffset(), ExpiresAt = Show(row.ExpiresAt),
        MaxReceipts = row.MaxAnswers, Receipts = row.Answers, ReceivedAt = Show(row.AnsweredAt),
    };

    public static InputInfo ShowInput(RequestRecord row)
    {
        var asked = RequestDescription.Read(row.Description);
        return new InputInfo
        {
            RequestId = IdOf(row), RunId = row.RunId, Name = row.Name, Status = (InputStatus)row.State, Kind = asked.Kind ?? InputKind.Text, Prompt = asked.Prompt ?? "",
            Choices = asked.Choices ?? [], Fields = asked.Fields ?? [], Metadata = asked.Metadata ?? NoMetadata, Tags = asked.Tags ?? [], Assignee = row.Assignee,
            CreatedAt = row.CreatedAt.ToDateTimeOffset(), ExpiresAt = Show(row.ExpiresAt), ProvidedAt = Show(row.AnsweredAt),
        };
    }

    /// <summary>Names one question for ever.</summary>
    public static string IdOf(RequestRecord row) => row.Number.ToString(CultureInfo.InvariantCulture);

    public static RequestQuery Query(RequestKind kind, RequestState? state, int limit, string? after, string option)
    {
        if (limit is < 1 or > PerdureDefaults.MaxListLimit)
            throw new InvalidOptionException(option + ".Limit", string.Create(CultureInfo.InvariantCulture, $"{option}.Limit is 1 to {PerdureDefaults.MaxListLimit}, not {limit}."));
        return new RequestQuery { Kind = kind, State = state, Limit = limit, After = after is null ? null : ReadCursor(after, option) };
    }

    public static string? WriteCursor(RequestCursor? cursor) =>
        cursor is null ? null : string.Create(CultureInfo.InvariantCulture, $"{cursor.ExpiresAt.Micros}~{cursor.Run}~{cursor.Operation}");

    private static RequestCursor ReadCursor(string text, string option)
    {
        var parts = text.Split('~');
        return parts.Length == 3 && long.TryParse(parts[0], CultureInfo.InvariantCulture, out var micros) && long.TryParse(parts[1], CultureInfo.InvariantCulture, out var run)
            && int.TryParse(parts[2], CultureInfo.InvariantCulture, out var operation)
                ? new RequestCursor(new Instant(micros), run, operation)
                : throw new InvalidOptionException(option + ".After", $"'{SafeText.Shorten(text, 80)}' is not what a list gave as Next.");
    }

    private static DateTimeOffset? Show(Instant instant) => instant.IsNever ? null : instant.ToDateTimeOffset();

    private static readonly Dictionary<string, string> NoMetadata = [];
}
