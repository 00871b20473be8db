using System.Text.Json.Serialization;

namespace Perdure.Torture.Adapter.Programs;

/// <summary>How often a step is tried, and how long it waits at least before it is tried again.</summary>
internal sealed record RetryRule
{
    public static RetryRule Default { get; } = new();

    public int Max { get; init; } = 6;

    [JsonPropertyName("min_ms")] public int MinMs { get; init; } = 50;
}
