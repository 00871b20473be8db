using Perdure.Client;
using Perdure.Storage;

namespace Perdure.Hosting;

/// <summary>Reads where runs stand, for workflow code that asks about its children.</summary>
internal static class RunStatuses
{
    /// <summary>The status of a run, or of whoever went on in its place.</summary>
    /// <exception cref="RunNotFoundException">There is none.</exception>
    public static async Task<RunStatus> ReadAsync(IPerdureStore store, Patience patience, string run, CancellationToken cancellationToken) =>
        await patience.RepeatAsync(token => store.ReadChainAsync(run, token), cancellationToken) is [.., var last] ? last.Status : throw new RunNotFoundException(run);
}
