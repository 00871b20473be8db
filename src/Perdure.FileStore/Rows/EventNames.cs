using System.Text.Json;

namespace Perdure.Files.Rows;

/// <summary>Kinds of events by their wire names: <c>step_completed</c>.</summary>
internal static class EventNames
{
    private static readonly Dictionary<EventKind, string> Names = Enum.GetValues<EventKind>().ToDictionary(static kind => kind, static kind => JsonNamingPolicy.SnakeCaseLower.ConvertName(kind.ToString()));
    private static readonly Dictionary<string, EventKind> Kinds = Names.ToDictionary(static pair => pair.Value, static pair => pair.Key, StringComparer.Ordinal);

    /// <summary>The name, or null for a kind that this version does not know.</summary>
    public static string? Of(EventKind kind) => Names.GetValueOrDefault(kind);

    public static EventKind? Find(string name) => Kinds.TryGetValue(name, out var kind) ? kind : null;
}
