using Perdure.Storage;

namespace Perdure.Client;

/// <summary>Changes queues so that each change is made once, whatever becomes of calls and answers.</summary>
internal static class QueueChanges
{
    private const long NoRevision = -1;

    /// <summary>Makes a change and answers with the queue behind it.</summary>
    public static async Task<QueueRecord> MakeAsync(IPerdureStore store, Patience patience, QueueChange change, CancellationToken cancellationToken)
    {
        // The first call only asks for the revision. One whose answer was lost is sent again as it was, so one of its copies at most is made.
        for (var seen = NoRevision; ; )
        {
            var asked = change with { After = seen };
            var queue = await patience.RepeatAsync(token => store.ChangeQueueAsync(asked, token), cancellationToken);
            if (seen != NoRevision && change.IsMade(queue.Rule)) return queue;
            seen = queue.Revision;
        }
    }
}
