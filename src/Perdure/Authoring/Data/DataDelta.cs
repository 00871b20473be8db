using System.Text.Json;

namespace Perdure.Authoring;

/// <summary>What one turn changed of a run's data, as the history holds it.</summary>
internal static class DataDelta
{
    private const string SetName = "set";
    private const string RemovedName = "removed";

    /// <summary>Writes the new values of the changed keys, and which of them are gone.</summary>
    /// <param name="changed">The keys, in their order.</param>
    /// <param name="values">The data after the change.</param>
    public static ReadOnlyMemory<byte> Write(SortedSet<string> changed, DataValues values)
    {
        var set = new SortedDictionary<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal);
        List<string>? removed = null;
        foreach (var key in changed)
        {
            if (values.ByKey.TryGetValue(key, out var value)) set[key] = value;
            else (removed ??= []).Add(key);
        }
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, JsonBytes.Raw))
        {
            writer.WriteStartObject();
            if (set.Count > 0)
            {
                writer.WritePropertyName(SetName);
                JsonBytes.Write(writer, set);
            }
            if (removed is not null)
            {
                writer.WriteStartArray(RemovedName);
                foreach (var key in removed) writer.WriteStringValue(key);
                writer.WriteEndArray();
            }
            writer.WriteEndObject();
        }
        return buffer.WrittenMemory;
    }

    /// <summary>The keys of a change.</summary>
    public static IEnumerable<string> Keys(ReadOnlyMemory<byte> delta)
    {
        foreach (var (name, part) in JsonBytes.Members(delta))
        {
            if (name == SetName)
                foreach (var (key, _) in JsonBytes.Members(part)) yield return key;
            else if (name == RemovedName)
                foreach (var key in JsonBytes.Element(part).EnumerateArray()) yield return key.GetString()!;
        }
    }

    /// <summary>The data after a recorded change.</summary>
    public static DataValues Apply(DataValues before, ReadOnlyMemory<byte> delta)
    {
        var after = before;
        foreach (var (name, part) in JsonBytes.Members(delta))
        {
            if (name == SetName)
                foreach (var (key, value) in JsonBytes.Members(part)) after = after.With(key, value);
            else if (name == RemovedName)
                foreach (var key in JsonBytes.Element(part).EnumerateArray()) after = after.Without(key.GetString()!);
        }
        return after;
    }
}
