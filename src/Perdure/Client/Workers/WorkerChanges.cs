using Perdure.Storage;

namespace Perdure.Client;

/// <summary>Changes the orders of workers so that each change is made once, whatever becomes of calls and answers.</summary>
internal static class WorkerChanges
{
    private const long NoRevision = -1;

    /// <summary>Makes a change and answers with the worker behind it; null if it is not alive, or dies meanwhile.</summary>
    public static async Task<WorkerRecord?> MakeAsync(IPerdureStore store, Patience patience, WorkerChange change, CancellationToken cancellationToken)
    {
        // The first call only asks for the revision. One whose answer was lost is sent again as it was, so one of its copies at most is made.
        for (var seen = NoRevision; ; )
        {
            var asked = change with { After = seen };
            if (await patience.RepeatAsync(token => store.ChangeWorkerAsync(asked, token), cancellationToken) is not { } worker) return null;
            if (change.IsMade(worker)) return worker;
            seen = worker.Revision;
        }
    }
}
