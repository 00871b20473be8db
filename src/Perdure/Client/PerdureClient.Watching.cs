using System.Runtime.CompilerServices;
using Perdure.Authoring;
using Perdure.Storage;

namespace Perdure.Client;

/// <content>Watching runs.</content>
internal sealed partial class PerdureClient
{
    public IAsyncEnumerable<HistoryEvent> WatchAsync(string runId, int from, CancellationToken cancellationToken)
    {
        Names.ValidateRunId(runId);
        if (from < 0) throw new InvalidOptionException(nameof(from), "A sequence number is 0 or more.");
        return new HomeStream<HistoryEvent>(WatchEventsAsync(runId, from, cancellationToken), _parts.Home);
    }

    public IAsyncEnumerable<T> WatchAsync<T>(string runId, Published<T> state, CancellationToken cancellationToken)
    {
        Names.ValidateRunId(runId);
        ArgumentNullException.ThrowIfNull(state);
        return new HomeStream<T>(WatchStateAsync(runId, state, cancellationToken), _parts.Home);
    }

    private async IAsyncEnumerable<HistoryEvent> WatchEventsAsync(
        string runId, int from, CancellationToken callToken, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(callToken, cancellationToken);
        await _parts.ReadyAsync(either.Token);
        await foreach (var news in Follower().FollowAsync(runId, from, either.Token))
            foreach (var e in news) yield return HistoryReader.Show(e);
    }

    private async IAsyncEnumerable<T> WatchStateAsync<T>(
        string runId, Published<T> state, CancellationToken callToken, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(callToken, cancellationToken);
        await _parts.ReadyAsync(either.Token);
        for (string? id = runId; id is not null;)
        {
            string? successor = null;
            var isFirst = id == runId;
            await foreach (var news in Follower().FollowAsync(id, 0, either.Token))
            {
                // Of what was published before somebody looks, the last value counts.
                var first = isFirst ? LastOf(news, state) : 0;
                isFirst = false;
                for (var i = first; i < news.Count; i++)
                {
                    if (news[i].Kind == EventKind.StatePublished && news[i].Name == state.Name) yield return _parts.Codec.Deserialize<T>(news[i].Data.Span);
                    if (news[i].Kind == EventKind.WorkflowContinuedAsNew) successor = PayloadCodec.Default.Deserialize<string>(news[i].Data.Span);
                }
            }
            id = successor;
        }
    }

    private RunFollower Follower() => new(_parts.Store, _patience, _parts.Submissions.WatchNews);

    private static int LastOf<T>(IReadOnlyList<EventRecord> events, Published<T> state)
    {
        for (var i = events.Count - 1; i > 0; i--)
            if (events[i].Kind == EventKind.StatePublished && events[i].Name == state.Name) return i;
        return 0;
    }
}
