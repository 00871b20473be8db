using System.Text.Json;
using Perdure.Formats;
using Perdure.Storage;

namespace Perdure.Client;

/// <summary>Stored events as people and programs outside the engine see them.</summary>
internal static class HistoryReader
{
    private static readonly string[] WireNames = BuildWireNames();

    public static HistoryEvent Show(in EventRecord e) => new()
    {
        Sequence = e.Sequence,
        Kind = e.Kind,
        WireName = NameOf(e.Kind),
        Timestamp = e.At.ToDateTimeOffset(),
        Operation = e.Operation == EventRecord.NoOperation ? null : e.Operation,
        Undoes = e.Undoes,
        Attempt = e.Attempt,
        Name = e.Name,
        Step = e.Place,
        Source = e.Source,
        Due = e.Due.IsNever ? null : e.Due.ToDateTimeOffset(),
        Note = e.Note,
        Data = StoredJson.ReadOptional(e.Data),
        IsRetryable = e.Kind is EventKind.StepFailed or EventKind.ActivityFailed or EventKind.ActivityTimedOut ? e.Note == FailureNotes.Retryable : null,
    };

    private static string NameOf(EventKind kind) => (int)kind < WireNames.Length ? WireNames[(int)kind] : JsonNamingPolicy.SnakeCaseLower.ConvertName(kind.ToString());

    private static string[] BuildWireNames()
    {
        var kinds = Enum.GetValues<EventKind>();
        var names = new string[(int)kinds[^1] + 1];
        foreach (var kind in kinds) names[(int)kind] = JsonNamingPolicy.SnakeCaseLower.ConvertName(kind.ToString());
        return names;
    }
}
