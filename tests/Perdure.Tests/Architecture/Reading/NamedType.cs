namespace Perdure.Tests.Architecture.Reading;

/// <summary>A type as a signature names it.</summary>
/// <param name="Text">How it is written in a member's signature, generic arguments included.</param>
/// <param name="Parts">Every type named in it: its assembly and its outermost type.</param>
internal sealed record NamedType(string Text, IReadOnlyList<(string Assembly, string Outermost)> Parts)
{
    public static NamedType Of(string text) => new(text, []);

    public NamedType Wrapped(string suffix) => this with { Text = Text + suffix };

    public NamedType With(string text, IEnumerable<NamedType> others) => new(text, [.. Parts, .. others.SelectMany(o => o.Parts)]);
}
