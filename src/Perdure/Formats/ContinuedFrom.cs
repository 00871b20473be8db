using Perdure.Storage;

namespace Perdure.Formats;

/// <summary>What a run that goes on in another's place has from it, beside its signals.</summary>
/// <param name="Id">Public id of the run before.</param>
/// <param name="Received">Ids of signals that the chain received lately, with the instant in microseconds: late copies of them are known.</param>
/// <param name="Children">Children that had not ended: notes of their records, by which they are told when the chain ends.</param>
/// <param name="Data">The data that it begins with, a JSON object; null for none.</param>
/// <param name="Hooks">Hooks that it left open; null for none.</param>
internal sealed record ContinuedFrom(string Id, IReadOnlyDictionary<string, long> Received, IReadOnlyList<string> Children, byte[]? Data = null, IReadOnlyList<OpenHook>? Hooks = null)
{
    /// <summary>For how long a late copy of a signal is known.</summary>
    public static readonly TimeSpan Memory = TimeSpan.FromHours(24);
}
