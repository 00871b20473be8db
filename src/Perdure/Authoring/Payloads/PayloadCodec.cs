using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Perdure.Authoring;

/// <summary>
/// Payloads to JSON in UTF-8 and back, always by their declared types. Immutable and thread-safe. Nothing is cut short or changed: what
/// cannot be kept is refused with a typed error that contains no value.
/// </summary>
internal sealed partial class PayloadCodec
{
    private readonly JsonSerializerOptions _options;
    private readonly JavaScriptEncoder _encoder;
    private readonly bool _plainConverters;

    /// <param name="user">The user's JSON options; null for camelCase.</param>
    /// <param name="contexts">The user's generated metadata.</param>
    public PayloadCodec(JsonSerializerOptions? user = null, params IReadOnlyList<IJsonTypeInfoResolver> contexts)
    {
        _options = PayloadJson.Build(user, contexts);
        _encoder = _options.Encoder!;
        _plainConverters = user is null or { Converters.Count: 0 };
    }

    /// <summary>Whether errors that are stored keep their stack trace.</summary>
    public bool KeepsStacks { get; init; }

    /// <summary>camelCase, no user types described.</summary>
    public static PayloadCodec Default { get; } = new();

    /// <summary>JSON <c>null</c>: no input, no result.</summary>
    public static ReadOnlyMemory<byte> Null { get; } = "null"u8.ToArray();

    /// <summary>Writes a value as <typeparamref name="T"/>.</summary>
    /// <exception cref="PayloadTooLargeException">It is larger than the limit of its kind.</exception>
    /// <exception cref="ResultNotSerializableException">A result cannot be written.</exception>
    /// <exception cref="InputValidationException">Another payload cannot be written.</exception>
    public ReadOnlyMemory<byte> Serialize<T>(T value, PayloadKind kind = PayloadKind.Result)
    {
        // An element that was never read is nothing, as a caller means it who passes default.
        if (value is null or JsonElement { ValueKind: JsonValueKind.Undefined } || typeof(T) == typeof(Unit)) return Null;
        using PayloadWriter writer = PayloadWriter.Rent(_encoder, LimitOf(kind));
        try
        {
            JsonSerializer.Serialize(writer.Json, value, TypeInfo<T>());
            return Finish(writer);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            throw CannotWrite(typeof(T), kind, error);
        }
    }

    /// <summary>Writes a value as <paramref name="type"/>.</summary>
    /// <inheritdoc cref="Serialize{T}(T, PayloadKind)" path="/exception"/>
    public ReadOnlyMemory<byte> Serialize(object? value, Type type, PayloadKind kind = PayloadKind.Result)
    {
        if (value is null || type == typeof(Unit)) return Null;
        using PayloadWriter writer = PayloadWriter.Rent(_encoder, LimitOf(kind));
        try
        {
            JsonSerializer.Serialize(writer.Json, value, TypeInfo(type));
            return Finish(writer);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            throw CannotWrite(type, kind, error);
        }
    }

    /// <summary>Writes values as one array, each as its own type.</summary>
    /// <inheritdoc cref="Serialize{T}(T, PayloadKind)" path="/exception"/>
    public ReadOnlyMemory<byte> SerializeArray(ReadOnlySpan<object?> values, ReadOnlySpan<Type> types, PayloadKind kind)
    {
        using PayloadWriter writer = PayloadWriter.Rent(_encoder, LimitOf(kind));
        Type current = typeof(object[]);
        try
        {
            writer.Json.WriteStartArray();
            for (int i = 0; i < values.Length; i++)
            {
                current = types[i];
                if (values[i] is null) writer.Json.WriteNullValue();
                else JsonSerializer.Serialize(writer.Json, values[i], TypeInfo(current));
            }
            writer.Json.WriteEndArray();
            return Finish(writer);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            throw CannotWrite(current, kind, error);
        }
    }

    /// <summary>Reads a value; nothing at all reads like <c>null</c>.</summary>
    /// <exception cref="UndecodablePayloadException">It does not fit the type.</exception>
    public T Deserialize<T>(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize(OrNull(json), TypeInfo<T>())!;
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            throw CannotRead(typeof(T), error);
        }
    }

    /// <summary>Reads a value; nothing at all reads like <c>null</c>.</summary>
    /// <exception cref="UndecodablePayloadException">It does not fit the type.</exception>
    public object? Deserialize(ReadOnlySpan<byte> json, Type type)
    {
        try
        {
            return JsonSerializer.Deserialize(OrNull(json), TypeInfo(type));
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            throw CannotRead(type, error);
        }
    }

    /// <summary>How a type is written and read.</summary>
    /// <exception cref="NotSupportedException">No metadata describes the type, and reflection is switched off.</exception>
    public JsonTypeInfo TypeInfo(Type type) => _options.GetTypeInfo(type);

    private JsonTypeInfo<T> TypeInfo<T>() => LastInfo<T>.Value is { } known && ReferenceEquals(known.Options, _options)
        ? known
        : LastInfo<T>.Value = (JsonTypeInfo<T>)TypeInfo(typeof(T));

    /// <summary>Whether a value of this type is certain to read back as itself, so that it need not be read back.</summary>
    public bool IsImmutable<T>() => _plainConverters && ImmutableValue<T>.IsOne;

    /// <summary>The value as it will be read back on replay, which is what the first run must see too.</summary>
    /// <param name="value">A result.</param>
    /// <param name="json">Its JSON.</param>
    /// <exception cref="ResultNotSerializableException">It cannot be written, or not be read back.</exception>
    /// <exception cref="PayloadTooLargeException">It is larger than 1 MiB.</exception>
    public T RoundTrip<T>(T value, out ReadOnlyMemory<byte> json)
    {
        json = Serialize(value);
        if (value is null || IsImmutable<T>()) return value;
        try
        {
            return Deserialize<T>(json.Span);
        }
        catch (UndecodablePayloadException error)
        {
            throw new ResultNotSerializableException(
                $"The result of type {TypeNames.Of(typeof(T))} can be written as JSON but not be read back: {error.Problem} (at {error.Path}).");
        }
    }

    /// <summary>A start's or signal's payload, checked against the type that will read it: for callers that know only the name.</summary>
    /// <param name="value">The value, written as what it is.</param>
    /// <param name="declared">The type that it will be read as; null when nobody knows.</param>
    /// <param name="kind">Input or signal.</param>
    /// <exception cref="InputValidationException">
    /// It cannot be written, or does not fit the declared type; with the member's path.
    /// </exception>
    /// <exception cref="PayloadTooLargeException">It is larger than 1 MiB.</exception>
    public ReadOnlyMemory<byte> SerializeFor(object? value, Type? declared, PayloadKind kind)
    {
        ReadOnlyMemory<byte> json = value is null ? Null : Serialize(value, value.GetType(), kind);
        if (declared is not null && value?.GetType() != declared) Check(json.Span, declared, kind);
        return json;
    }

    /// <summary>Whether JSON fits the type that will read it.</summary>
    /// <exception cref="InputValidationException">It does not; with the member's path.</exception>
    public void Check(ReadOnlySpan<byte> json, Type declared, PayloadKind kind = PayloadKind.Input)
    {
        try
        {
            Deserialize(json, declared);
        }
        catch (UndecodablePayloadException error)
        {
            throw new InputValidationException(
                $"The {NameOf(kind)} does not fit {TypeNames.Of(declared)}: {error.Problem} (at {error.Path}).", error.Path, error.Problem);
        }
    }

    private static ReadOnlySpan<byte> OrNull(ReadOnlySpan<byte> json) => json.IsEmpty ? "null"u8 : json;

    private static ReadOnlyMemory<byte> Finish(PayloadWriter writer)
    {
        writer.Json.Flush();
        return writer.Written.ToArray();
    }

    private static int LimitOf(PayloadKind kind) =>
        kind == PayloadKind.Details ? PerdureDefaults.MaxDetailsBytes : PerdureDefaults.MaxPayloadBytes;

    /// <summary>The metadata of a type that was used last: as a rule a process has one codec.</summary>
    private static class LastInfo<T>
    {
        public static JsonTypeInfo<T>? Value;
    }
}
