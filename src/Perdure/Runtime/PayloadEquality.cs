using System.Globalization;
using System.Text.Json;
using Perdure.Authoring;

namespace Perdure.Runtime;

/// <summary>Whether an operation asks for the same as its record.</summary>
internal static class PayloadEquality
{
    /// <summary>Equal as text, or in what they say: the order of members and added nulls do not count.</summary>
    public static bool SameInput(ReadOnlyMemory<byte> recorded, ReadOnlyMemory<byte> actual) =>
        recorded.Span.SequenceEqual(actual.Span) || InputHash.Of(recorded) == InputHash.Of(actual);

    /// <summary>Where two inputs differ first, as a path. Never a value: the text is shown and logged.</summary>
    public static string Difference(ReadOnlyMemory<byte> recorded, ReadOnlyMemory<byte> actual)
    {
        using var before = JsonDocument.Parse(recorded);
        using var now = JsonDocument.Parse(actual);
        return Find(before.RootElement, now.RootElement, "$") ?? "$";
    }

    private static string? Find(in JsonElement before, in JsonElement now, string path) => (before.ValueKind, now.ValueKind) switch
    {
        (JsonValueKind.Object, JsonValueKind.Object) => FindInMembers(before, now, path),
        (JsonValueKind.Array, JsonValueKind.Array) => FindInItems(before, now, path),
        _ => JsonElement.DeepEquals(before, now) ? null : path,
    };

    private static string? FindInMembers(in JsonElement before, in JsonElement now, string path)
    {
        foreach (var member in before.EnumerateObject())
        {
            var other = now.TryGetProperty(member.Name, out var found) ? found : default;
            if (IsNothing(member.Value) && IsNothing(other)) continue;
            if (Find(member.Value, other, $"{path}.{member.Name}") is { } difference) return difference;
        }
        foreach (var member in now.EnumerateObject())
            if (!IsNothing(member.Value) && !before.TryGetProperty(member.Name, out _)) return $"{path}.{member.Name}";
        return null;
    }

    private static string? FindInItems(in JsonElement before, in JsonElement now, string path)
    {
        var length = Math.Min(before.GetArrayLength(), now.GetArrayLength());
        for (var i = 0; i < length; i++)
            if (Find(before[i], now[i], string.Create(CultureInfo.InvariantCulture, $"{path}[{i}]")) is { } difference) return difference;
        return before.GetArrayLength() == now.GetArrayLength() ? null : string.Create(CultureInfo.InvariantCulture, $"{path}[{length}]");
    }

    private static bool IsNothing(in JsonElement value) => value.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null;
}
