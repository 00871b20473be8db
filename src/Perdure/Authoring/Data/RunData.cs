using System.Text.Json;
using Perdure.Authoring;

namespace Perdure;

/// <summary>
/// Durable data of a run, as its workflow code reads and writes it: values by key, kept as JSON. What a turn of the code changes is one event, and rides with the
/// next commit; anyone may read the whole with one read of the run (<c>RunInfo.Data</c>).
/// </summary>
/// <remarks>
/// Written only by workflow code. Inside a step or an activity it can be read (see <see cref="StepInfo.Data"/> for the data as of the call), not written. It begins empty,
/// also in a further attempt of the workflow, whose code writes it again. All of it together is at most 1 MiB. Reading is thread-safe.
/// </remarks>
/// <example>
/// <code>
/// ctx.Data.Put("total", 12.5m);
/// ctx.Data.Append("log", "priced");
/// ctx.Data.Increment("tries");
/// var total = ctx.Data.Get&lt;decimal&gt;("total");
/// </code>
/// </example>
public sealed class RunData : RunDataView
{
    private readonly IDataHolder _holder;
    private readonly SortedSet<string> _changed = new(StringComparer.Ordinal);
    private DataValues _recorded = DataValues.None;

    internal RunData(IDataHolder holder, PayloadCodec codec) : base(codec) => _holder = holder;

    /// <summary>A copy that goes its own way.</summary>
    internal RunData(IDataHolder holder, PayloadCodec codec, DataValues values) : base(values, codec) => (_holder, _recorded) = (holder, values);

    /// <summary>The keys that were written since the last record.</summary>
    internal IEnumerable<string> Changed => _changed;

    /// <summary>Whether the code has written since the last record.</summary>
    internal bool IsChanged => _changed.Count > 0;

    /// <summary>Sets the value of a key.</summary>
    /// <typeparam name="T">The value's type.</typeparam>
    /// <param name="key">The key, 1 to 255 characters.</param>
    /// <param name="value">The value; it is kept as JSON.</param>
    /// <exception cref="ContextReadOnlyException">Called inside a step or an activity, or from another thread.</exception>
    /// <exception cref="InvalidOptionException">The key breaks its rule.</exception>
    /// <exception cref="InputValidationException">The value cannot be written as JSON.</exception>
    /// <exception cref="PayloadTooLargeException">All data together would be larger than 1 MiB.</exception>
    public void Put<T>(string key, T value) => Set(key, Write(value));

    /// <summary>Sets a value for each member of an object or map; other keys stay.</summary>
    /// <typeparam name="T">A type that is a JSON object: a dictionary, a record, an anonymous type.</typeparam>
    /// <param name="values">The values by key.</param>
    /// <inheritdoc cref="Put{T}(string, T)" path="/exception"/>
    public void Put<T>(T values)
    {
        foreach (var (key, value) in MembersOf(values)) Set(key, value);
    }

    /// <summary>Merges an object or map into the data: objects under one key are merged member by member at any depth, anything else is replaced.</summary>
    /// <typeparam name="T">A type that is a JSON object.</typeparam>
    /// <param name="values">The values by key.</param>
    /// <inheritdoc cref="Put{T}(string, T)" path="/exception"/>
    public void Merge<T>(T values)
    {
        foreach (var (key, value) in MembersOf(values))
            Set(key, Values.ByKey.TryGetValue(key, out var known) ? JsonBytes.Merge(known, value) : value);
    }

    /// <summary>Sets a key to what a function makes of its value.</summary>
    /// <typeparam name="T">The value's type.</typeparam>
    /// <param name="key">The key.</param>
    /// <param name="change">Gets the value, the default of <typeparamref name="T"/> when there is none, and returns the new one.</param>
    /// <exception cref="UndecodablePayloadException">The value does not fit the type.</exception>
    /// <inheritdoc cref="Put{T}(string, T)" path="/exception"/>
    public void Update<T>(string key, Func<T?, T> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        Put(key, change(Get<T>(key)));
    }

    /// <summary>Sets a key to what a function makes of its value, or of another when there is none.</summary>
    /// <typeparam name="T">The value's type.</typeparam>
    /// <param name="key">The key.</param>
    /// <param name="defaultValue">What the function gets when the key is missing.</param>
    /// <param name="change">Returns the new value.</param>
    /// <exception cref="UndecodablePayloadException">The value does not fit the type.</exception>
    /// <inheritdoc cref="Put{T}(string, T)" path="/exception"/>
    public void Update<T>(string key, T defaultValue, Func<T, T> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        Put(key, change(Get(key, defaultValue)));
    }

    /// <summary>Removes a key; one that is missing stays so.</summary>
    /// <param name="key">The key.</param>
    /// <exception cref="ContextReadOnlyException">Called inside a step or an activity, or from another thread.</exception>
    public void Remove(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        _holder.MustMayWrite();
        if (!Values.ByKey.ContainsKey(key)) return;
        Values = Values.Without(key);
        _changed.Add(key);
    }

    /// <summary>Adds an element at the end of a list; a missing key becomes a list of one.</summary>
    /// <typeparam name="T">The element's type.</typeparam>
    /// <param name="key">The key.</param>
    /// <param name="element">The element.</param>
    /// <exception cref="DataMismatchException">The value is no list.</exception>
    /// <inheritdoc cref="Put{T}(string, T)" path="/exception"/>
    public void Append<T>(string key, T element)
    {
        var list = Known(key, "[]"u8.ToArray());
        if (JsonBytes.KindOf(list) != JsonTokenType.StartArray) throw new DataMismatchException(key, "a list");
        Set(key, JsonBytes.Append(list, Write(element)));
    }

    /// <summary>Adds to a number; a missing key counts as 0.</summary>
    /// <param name="key">The key.</param>
    /// <param name="by">How much to add; it may be negative.</param>
    /// <exception cref="DataMismatchException">The value is no number, or one that does not fit a <see cref="decimal"/>.</exception>
    /// <inheritdoc cref="Put{T}(string, T)" path="/exception"/>
    public void Increment(string key, decimal by = 1)
    {
        var reader = new Utf8JsonReader(Known(key, "0"u8.ToArray()).Span);
        reader.Read();
        if (reader.TokenType != JsonTokenType.Number || !reader.TryGetDecimal(out var number)) throw new DataMismatchException(key, "a number");
        Put(key, number + by);
    }

    /// <summary>The data as it is now, for a body that begins.</summary>
    internal RunDataView Snapshot() => Values.IsEmpty ? Empty : new RunDataView(Values, Codec);

    /// <summary>What the code has changed since the last record.</summary>
    internal ReadOnlyMemory<byte> Delta() => DataDelta.Write(_changed, Values);

    /// <summary>Takes over what was changed in a copy.</summary>
    internal void Apply(ReadOnlyMemory<byte> delta)
    {
        _holder.MustMayWrite();
        var before = Values;
        Values = DataDelta.Apply(before, delta);
        foreach (var key in DataDelta.Keys(delta))
            if (before.ByKey.ContainsKey(key) || Values.ByKey.ContainsKey(key)) _changed.Add(key);
    }

    /// <summary>The change is in the history, with these values: they count, whatever the code computed.</summary>
    internal void Record(ReadOnlyMemory<byte> delta)
    {
        _changed.Clear();
        Values = _recorded = DataDelta.Apply(_recorded, delta);
    }

    private ReadOnlyMemory<byte> Known(string key, ReadOnlyMemory<byte> otherwise)
    {
        ArgumentNullException.ThrowIfNull(key);
        return Values.ByKey.TryGetValue(key, out var known) ? known : otherwise;
    }

    private void Set(string key, ReadOnlyMemory<byte> value)
    {
        Names.Validate(NameKind.DataKey, key);
        _holder.MustMayWrite();
        Values = Values.With(key, value);
        _changed.Add(key);
    }

    private ReadOnlyMemory<byte> Write<T>(T value) => Codec.Serialize(value, PayloadKind.Data);

    private List<KeyValuePair<string, ReadOnlyMemory<byte>>> MembersOf<T>(T values)
    {
        var json = Write(values);
        if (JsonBytes.KindOf(json) == JsonTokenType.StartObject) return JsonBytes.Members(json);
        throw new InputValidationException($"Data by key must be a JSON object; {TypeNames.Of(typeof(T))} is none.");
    }
}
