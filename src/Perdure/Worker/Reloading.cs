using Perdure.Journal;
using Perdure.Storage;

namespace Perdure.Worker;

/// <summary>Reads a run again that is still owned but whose memory was dropped.</summary>
internal static class Reloading
{
    /// <summary>The run as if it had just been claimed; null if it is the worker's no longer, has ended, or was claimed anew since.</summary>
    public static async Task<ClaimedRun?> ReadAsync(long run, int term, long worker, IPerdureStore store, StoreCalls calls, CancellationToken stop)
    {
        var row = await calls.UntilAnsweredAsync(token => store.ReadRunAsync(new RunSelector(Key: run), token), stop);
        if (row is null || row.Owner != worker || row.Term != term || row.Status.IsTerminal()) return null;
        var history = await calls.UntilAnsweredAsync(token => store.ReadHistoryAsync(run, 0, token), stop);
        var inboxes = await calls.UntilAnsweredAsync(token => store.ReadMessagesAsync(worker, [run], token), stop);
        var inbox = inboxes.Count == 0 ? new Inbox(run, row.Inbox, []) : inboxes[0];
        return new ClaimedRun(row with { Inbox = inbox.Counter }, history, inbox.Messages);
    }
}
