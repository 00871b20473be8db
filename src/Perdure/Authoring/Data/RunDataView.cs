using System.Collections.Immutable;
using System.Text.Json;
using Perdure.Authoring;

namespace Perdure;

/// <summary>
/// The durable data of a run, for reading: values by key, as they were when the view was taken. Immutable and thread-safe; only <see cref="RunData"/>, which derives from
/// it, changes.
/// </summary>
public class RunDataView
{
    /// <summary>No data at all.</summary>
    internal static readonly RunDataView Empty = new(DataValues.None, PayloadCodec.Default);

    private DataValues _values;

    private protected RunDataView(PayloadCodec codec) : this(DataValues.None, codec)
    {
    }

    internal RunDataView(DataValues values, PayloadCodec codec)
    {
        _values = values;
        Codec = codec;
    }

    /// <summary>All values by key, as JSON, in the order of the keys.</summary>
    public IReadOnlyDictionary<string, JsonElement> All
    {
        get
        {
            var all = ImmutableSortedDictionary.CreateBuilder<string, JsonElement>(StringComparer.Ordinal);
            foreach (var (key, json) in Values.ByKey) all[key] = JsonBytes.Element(json);
            return all.ToImmutable();
        }
    }

    /// <summary>The values as they are now. Replaced as a whole, so that another thread sees a state that once was.</summary>
    internal DataValues Values
    {
        get => Volatile.Read(ref _values);
        private protected set => Volatile.Write(ref _values, value);
    }

    internal PayloadCodec Codec { get; }

    /// <summary>The value of a key; the default of <typeparamref name="T"/> when there is none.</summary>
    /// <typeparam name="T">The type to read it as.</typeparam>
    /// <param name="key">The key. Keys are compared character by character.</param>
    /// <exception cref="UndecodablePayloadException">The value does not fit the type.</exception>
    public T? Get<T>(string key) => Get(key, default(T)!);

    /// <summary>The value of a key, or another when there is none.</summary>
    /// <typeparam name="T">The type to read it as.</typeparam>
    /// <param name="key">The key. Keys are compared character by character.</param>
    /// <param name="defaultValue">What to return when the key is missing. A key whose value is <c>null</c> is not missing.</param>
    /// <exception cref="UndecodablePayloadException">The value does not fit the type.</exception>
    public T Get<T>(string key, T defaultValue)
    {
        ArgumentNullException.ThrowIfNull(key);
        return Values.ByKey.TryGetValue(key, out var json) ? Codec.Deserialize<T>(json.Span) : defaultValue;
    }

    /// <summary>Whether there is a value, <c>null</c> included.</summary>
    /// <param name="key">The key.</param>
    public bool Has(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return Values.ByKey.ContainsKey(key);
    }
}
