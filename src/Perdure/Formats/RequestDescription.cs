using System.Text.Json;

namespace Perdure.Formats;

/// <summary>What a request asks: stored with it, for whoever answers and for whoever checks the answer.</summary>
internal sealed record RequestDescription
{
    /// <summary>Of a question: what kind of answer; null for a hook.</summary>
    public InputKind? Kind { get; init; }

    public string? Prompt { get; init; }

    public IReadOnlyList<string>? Choices { get; init; }

    public IReadOnlyList<InputField>? Fields { get; init; }

    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    public IReadOnlyList<string>? Tags { get; init; }

    /// <summary>Of a hook: what its payload must look like.</summary>
    public PayloadShape? Shape { get; init; }

    public static RequestDescription Of(InputForm form, InputOptions options) => new()
    {
        Kind = form.Kind, Prompt = form.Prompt, Choices = form.Choices.Count == 0 ? null : form.Choices, Fields = form.Fields.Count == 0 ? null : form.Fields,
        Metadata = options.Metadata, Tags = options.Tags,
    };

    public static RequestDescription Read(ReadOnlyMemory<byte> json) => JsonSerializer.Deserialize(json.Span, RunJsonContext.Default.RequestDescription)!;

    public ReadOnlyMemory<byte> Write() => JsonSerializer.SerializeToUtf8Bytes(this, RunJsonContext.Default.RequestDescription);
}

/// <summary>Data of a HookCreated event.</summary>
/// <param name="Nonce">What the token is derived from, base64url.</param>
/// <param name="MaxReceipts">How many answers it takes.</param>
/// <param name="Request">Number of its request, if that was made by the run before in a chain; null for this event's own.</param>
internal sealed record HookCreation(string Nonce, int MaxReceipts, int? Request = null);

/// <summary>What JSON must look like to be read as a type: enough to refuse what does not fit before it is stored.</summary>
internal sealed record PayloadShape
{
    /// <summary>any, object, array, map, text, bool, number, int, long, date, guid or duration.</summary>
    public string Type { get; init; } = "any";

    /// <summary>Whether null fits.</summary>
    public bool Nullable { get; init; }

    /// <summary>Members of an object.</summary>
    public IReadOnlyDictionary<string, PayloadShape>? Members { get; init; }

    /// <summary>Members that must be there.</summary>
    public IReadOnlyList<string>? Required { get; init; }

    /// <summary>Elements of an array or map.</summary>
    public PayloadShape? Items { get; init; }
}
