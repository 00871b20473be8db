namespace Perdure.Client;

/// <summary>Somebody's wait for a sign that something of a run may be new. Not thread safe, but hints may come from any thread.</summary>
internal sealed class NewsWatch : IDisposable
{
    /// <summary>A busy store gives a hint at every commit. After a few looks there is a pause before each.</summary>
    private const int LooksWithoutPause = 8;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    private readonly TimeProvider _clock;
    private readonly IDisposable[] _subscriptions;
    private TaskCompletionSource _hint = NewHint();
    private int _looks;

    /// <param name="clock">Measures the wait.</param>
    /// <param name="sources">Where hints come from.</param>
    public NewsWatch(TimeProvider clock, params ReadOnlySpan<Func<Action, IDisposable>> sources)
    {
        _clock = clock;
        _subscriptions = new IDisposable[sources.Length];
        for (var i = 0; i < sources.Length; i++) _subscriptions[i] = sources[i](Hint);
    }

    /// <summary>Waits for a hint, at most for <paramref name="atMost"/>. What happens after this call has returned is not missed by the next.</summary>
    public async Task WaitAsync(TimeSpan atMost, CancellationToken cancellationToken)
    {
        if (_looks++ > LooksWithoutPause) await Task.Delay(Pause, _clock, cancellationToken);
        try
        {
            await _hint.Task.WaitAsync(atMost, _clock, cancellationToken);
            Volatile.Write(ref _hint, NewHint());
        }
        catch (TimeoutException)
        {
            // However silent everything is, the store is asked again.
        }
    }

    public void Dispose()
    {
        foreach (var subscription in _subscriptions) subscription.Dispose();
    }

    private void Hint() => Volatile.Read(ref _hint).TrySetResult();

    /// <summary>Whoever gives a hint must not be held up by the one who waits: he goes on in his own context, or without one on the pool.</summary>
    private static TaskCompletionSource NewHint() =>
        new(SynchronizationContext.Current is null ? TaskCreationOptions.RunContinuationsAsynchronously : TaskCreationOptions.None);
}
