using Perdure.Storage;

namespace Perdure.Client;

/// <summary>Starts and messages of a process without a worker: one idempotent transaction each, repeated until it is answered. Thread safe.</summary>
internal sealed class StoreSubmissions(IPerdureStore store, KeyBlocks keys, TimeProvider clock) : ISubmissions
{
    private readonly Patience _patience = new(clock);

    public ValueTask<(long Key, Instant Now)> ReserveAsync(CancellationToken cancellationToken) =>
        keys.TryNext(out var key) ? new((key, keys.Clock.Now)) : new(AwaitKeyAsync(cancellationToken));

    public void DiscardKeys() => keys.Discard();

    public async Task<BirthOutcome> StartAsync(RunBirth birth, CancellationToken cancellationToken) => (await StartAsync([birth], cancellationToken))[0];

    public async Task<IReadOnlyList<BirthOutcome>> StartAsync(IReadOnlyList<RunBirth> births, CancellationToken cancellationToken)
    {
        var outcomes = await _patience.RepeatAsync(token => store.StartRunsAsync(births, token), cancellationToken);
        store.Wakeups.Wake();
        return outcomes;
    }

    public async Task<SignalledStart> StartAsync(RunBirth birth, OutgoingMessage signal, CancellationToken cancellationToken)
    {
        var started = await _patience.RepeatAsync(token => store.StartWithSignalAsync(birth, signal, token), cancellationToken);
        store.Wakeups.Wake();
        return started;
    }

    public async Task<PostOutcome> PostAsync(OutgoingMessage message, CancellationToken cancellationToken)
    {
        var outcomes = await _patience.RepeatAsync(token => message.Kind == MessageKind.Reopen
            ? Single(store.ReopenRunAsync(message, token))
            : store.PostMessagesAsync([message], token), cancellationToken);
        store.Wakeups.Wake();
        return outcomes[0];
    }

    public async Task<AnswerOutcome> AnswerAsync(RequestAnswer answer, CancellationToken cancellationToken)
    {
        var outcome = await _patience.RepeatAsync(token => store.AnswerRequestAsync(answer, token), cancellationToken);
        store.Wakeups.Wake();
        return outcome;
    }

    public IRunWatch Watch(string runId) => new StoreWatch(store, clock);

    public NewsWatch WatchNews(string runId) => new(clock, store.Wakeups.SubscribeToNews);

    private async Task<(long Key, Instant Now)> AwaitKeyAsync(CancellationToken cancellationToken)
    {
        var key = await _patience.RepeatAsync(keys.NextAsync, cancellationToken);
        return (key, keys.Clock.Now);
    }

    private static async Task<IReadOnlyList<PostOutcome>> Single(Task<PostOutcome> outcome) => [await outcome];
}
