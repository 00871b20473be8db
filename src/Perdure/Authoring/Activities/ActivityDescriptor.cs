namespace Perdure.Authoring;

/// <summary>A registered activity.</summary>
internal abstract class ActivityDescriptor(string name, ActivityDefaults? defaults, object code)
{
    public string Name { get; } = name;

    /// <summary>Options of the registration or the attribute; those of a call win over them.</summary>
    public ActivityDefaults? Defaults { get; } = defaults;

    /// <summary>The method behind the name; the same one registered twice is no error.</summary>
    public object Code { get; } = code;

    /// <summary>Whether an attempt needs a dependency injection scope.</summary>
    public abstract bool NeedsServices { get; }

    /// <summary>Checks an input before it is stored, for callers that know only the name.</summary>
    /// <exception cref="InputValidationException">It does not fit.</exception>
    public abstract void CheckInput(ReadOnlyMemory<byte> input, PayloadCodec codec);

    /// <summary>Decodes the input, runs one attempt and encodes its result. Whatever it throws is the attempt's failure.</summary>
    /// <exception cref="UndecodablePayloadException">The input does not fit its type; no user code ran.</exception>
    public abstract Task<ReadOnlyMemory<byte>> InvokeAsync(AttemptScope scope, ReadOnlyMemory<byte> input, PayloadCodec codec);
}
