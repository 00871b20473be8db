using System.Collections.Immutable;

namespace Perdure.Authoring;

/// <summary>The data of a run at one moment: JSON values by key. Immutable.</summary>
/// <param name="ByKey">The values, in the order of their keys.</param>
/// <param name="Size">Bytes of all values and characters of all keys.</param>
internal sealed record DataValues(ImmutableSortedDictionary<string, ReadOnlyMemory<byte>> ByKey, int Size)
{
    public static readonly DataValues None = new(ImmutableSortedDictionary.Create<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal), 0);

    public bool IsEmpty => ByKey.IsEmpty;

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static DataValues Read(ReadOnlyMemory<byte> json)
    {
        if (json.IsEmpty) return None;
        var values = None;
        foreach (var (key, value) in JsonBytes.Members(json)) values = values.With(key, value);
        return values;
    }

    public DataValues With(string key, ReadOnlyMemory<byte> value)
    {
        var size = Size + key.Length + value.Length;
        if (ByKey.TryGetValue(key, out var old)) size -= key.Length + old.Length;
        if (size > PerdureDefaults.MaxPayloadBytes) throw new PayloadTooLargeException("The data of the run", size, PerdureDefaults.MaxPayloadBytes);
        return new(ByKey.SetItem(key, value), size);
    }

    public DataValues Without(string key) => ByKey.TryGetValue(key, out var old) ? new(ByKey.Remove(key), Size - key.Length - old.Length) : this;

    /// <summary>One JSON object; nothing at all when there are no values.</summary>
    public ReadOnlyMemory<byte> Write() => IsEmpty ? default : JsonBytes.Object(ByKey);
}
