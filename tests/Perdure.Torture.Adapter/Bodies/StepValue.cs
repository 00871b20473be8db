using System.Text.Json.Serialization;

namespace Perdure.Torture.Adapter.Bodies;

/// <summary>What a body returns.</summary>
/// <param name="X">Its nonce.</param>
/// <param name="Pad">Padding, if the program wants a larger result.</param>
internal sealed record StepValue(string X, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Pad = null);
