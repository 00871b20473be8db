using Perdure.Authoring;

namespace Perdure;

/// <summary>The base of all signal descriptors, so that a list may mix payload types. Create a <see cref="Signal{T}"/>.</summary>
public abstract class Signal
{
    private protected Signal(string name)
    {
        Names.Validate(NameKind.Signal, name);
        Name = name;
    }

    /// <summary>The signal's name, 1 to 255 characters, case-sensitive.</summary>
    public string Name { get; }

    internal abstract Type PayloadType { get; }

    /// <summary>Reads a payload as this signal's type, without reflection.</summary>
    internal abstract object? Decode(PayloadCodec codec, ReadOnlySpan<byte> payload);

    /// <inheritdoc/>
    public override string ToString() => Name;
}
