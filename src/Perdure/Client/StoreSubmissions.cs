using Perdure.Storage;

namespace Perdure.Client;

/// <summary>Starts and messages of a process without a worker: one idempotent transaction each, repeated until it is answered. Thread safe.</summary>
internal sealed class StoreSubmissions(IPerdureStore store, KeyBlocks keys, TimeProvider clock) : ISubmissions
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan GiveUpAfter = TimeSpan.FromSeconds(30);

    public ValueTask<(long Key, Instant Now)> ReserveAsync(CancellationToken cancellationToken)
    {
        var key = keys.NextAsync(cancellationToken);
        return key.IsCompletedSuccessfully ? new((key.Result, keys.Clock.Now)) : AwaitKeyAsync(key, cancellationToken);
    }

    public async Task<BirthOutcome> StartAsync(RunBirth birth, CancellationToken cancellationToken)
    {
        var outcomes = await RepeatAsync(token => store.StartRunsAsync([birth], token), cancellationToken);
        store.Wakeups.Wake();
        return outcomes[0];
    }

    public async Task<PostOutcome> PostAsync(OutgoingMessage message, CancellationToken cancellationToken)
    {
        var outcomes = await RepeatAsync(token => message.Kind == MessageKind.Reopen
            ? Single(store.ReopenRunAsync(message, token))
            : store.PostMessagesAsync([message], token), cancellationToken);
        store.Wakeups.Wake();
        return outcomes[0];
    }

    public async Task<RunClose?> WaitForEndAsync(string runId, TimeSpan atMost, CancellationToken cancellationToken)
    {
        // Another process ends it: any sign of life from the store is a reason to look again.
        var woken = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var subscription = store.Wakeups.Subscribe(() => woken.TrySetResult());
        try
        {
            await woken.Task.WaitAsync(atMost, clock, cancellationToken);
        }
        catch (TimeoutException)
        {
        }
        return null;
    }

    private async ValueTask<(long Key, Instant Now)> AwaitKeyAsync(ValueTask<long> pending, CancellationToken cancellationToken)
    {
        // The first try is under way; only what comes after it is a repetition.
        var first = pending.AsTask();
        var key = await RepeatAsync(token => Interlocked.Exchange(ref first!, null) ?? keys.NextAsync(token).AsTask(), cancellationToken);
        return (key, keys.Clock.Now);
    }

    /// <summary>Ids were made before the first try, so a repetition after a lost answer is the same call.</summary>
    private async Task<T> RepeatAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        var start = clock.GetTimestamp();
        for (var delay = FirstDelay; ; delay *= 2)
        {
            try
            {
                return await call(cancellationToken);
            }
            catch (StoreException e) when (e.Fault is StoreFault.Transient or StoreFault.Unknown && clock.GetElapsedTime(start) < GiveUpAfter)
            {
                await Task.Delay(delay, clock, cancellationToken);
            }
        }
    }

    private static async Task<IReadOnlyList<PostOutcome>> Single(Task<PostOutcome> outcome) => [await outcome];
}
