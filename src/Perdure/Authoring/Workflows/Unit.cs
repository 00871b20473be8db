using System.Text.Json.Serialization;
using Perdure.Authoring;

namespace Perdure;

/// <summary>No value. The input type of a workflow without input, written as JSON <c>null</c>.</summary>
[JsonConverter(typeof(UnitJsonConverter))]
public readonly record struct Unit
{
    /// <summary>The only value.</summary>
    public static Unit Value => default;

    /// <inheritdoc/>
    public override string ToString() => "()";
}
