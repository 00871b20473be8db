using System.Runtime.CompilerServices;
using Perdure.Formats;
using Perdure.Storage;

namespace Perdure.Client;

/// <summary>Follows the events of runs as they are recorded: each once, in order, and only what is durable. Thread safe.</summary>
/// <param name="store">Where they are read.</param>
/// <param name="patience">Repeats what the store does not answer.</param>
/// <param name="watch">Watches a run for news.</param>
internal sealed class RunFollower(IPerdureStore store, Patience patience, Func<string, NewsWatch> watch)
{
    /// <summary>How soon news are found that nobody told.</summary>
    private static readonly TimeSpan SafetyPoll = TimeSpan.FromMilliseconds(250);

    /// <param name="runId">The run.</param>
    /// <param name="from">Sequence of the first event to give.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>What is new, look by look, to the end of the run; the first look gives what there is already, also when that is nothing.</returns>
    /// <exception cref="RunNotFoundException">There is no such run.</exception>
    /// <exception cref="HistoryDamagedException">Its history cannot be read.</exception>
    public async IAsyncEnumerable<IReadOnlyList<EventRecord>> FollowAsync(string runId, int from, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var news = watch(runId);
        for (var isFirst = true; ; isFirst = false)
        {
            var row = await patience.RepeatAsync(token => store.ReadRunAsync(new RunSelector(Id: runId), token), cancellationToken) ?? throw new RunNotFoundException(runId);
            // Read behind the row: if that says that the run has ended, its end is there.
            var events = await ReadAsync(row, from, cancellationToken);
            if (events.Count > 0) from = events[^1].Sequence + 1;
            if (events.Count > 0 || isFirst) yield return events;
            // With more behind its end, it has been reopened since the row was read.
            if (row.Status.IsTerminal() && (events.Count == 0 || EventKinds.IsEnd(events[^1].Kind))) yield break;
            await news.WaitAsync(SafetyPoll, cancellationToken);
        }
    }

    private async Task<IReadOnlyList<EventRecord>> ReadAsync(RunRecord row, int from, CancellationToken cancellationToken)
    {
        var batches = await patience.RepeatAsync(token => store.ReadHistoryAsync(row.Key, from, token), cancellationToken);
        try
        {
            return EventCodec.ReadFrom(batches, from);
        }
        catch (CorruptHistoryException e)
        {
            throw new HistoryDamagedException(row.Id, e.Sequence, e);
        }
    }
}
