using System.Text.Json;

namespace Perdure.Formats;

/// <summary>Options of a run that are fixed when it starts and stored with it.</summary>
internal sealed record RunSettings
{
    public static readonly RunSettings Default = new();

    public static RunSettings Read(ReadOnlyMemory<byte> json) =>
        json.IsEmpty ? Default : JsonSerializer.Deserialize(json.Span, RunJsonContext.Default.RunSettings)!;

    /// <summary>Empty for the defaults, which most runs have.</summary>
    public ReadOnlyMemory<byte> Write() => this == Default ? default : (ReadOnlyMemory<byte>)JsonSerializer.SerializeToUtf8Bytes(this, RunJsonContext.Default.RunSettings);

    /// <summary>Retry of the whole workflow; null for a single attempt.</summary>
    public RetryPolicy? Retry { get; init; }

    public DeterminismMode Determinism { get; init; }

    /// <summary>Whether a cancellation undoes what sagas did that do not say so themselves; null where nobody said anything.</summary>
    public bool? CompensateOnCancel { get; init; }

    /// <summary>What the run is to its parent; null for a run that is no child.</summary>
    public ParentLink? Parent { get; init; }

    /// <summary>What the run has from the one in whose place it goes on; null for a run that stands alone, or first.</summary>
    public ContinuedFrom? Continued { get; init; }

    /// <summary>What the starter gave to be kept with the run; null for nothing.</summary>
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }
}
