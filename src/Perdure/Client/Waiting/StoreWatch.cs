using Perdure.Storage;

namespace Perdure.Client;

/// <summary>Waits for a run that another process drives: any sign of life from the store is a reason to look again.</summary>
internal sealed class StoreWatch : IRunWatch
{
    private readonly TimeProvider _clock;
    private readonly IDisposable _subscription;
    private TaskCompletionSource _hint = NewHint();

    public StoreWatch(IPerdureStore store, TimeProvider clock)
    {
        _clock = clock;
        _subscription = store.Wakeups.SubscribeToEnds(() => Volatile.Read(ref _hint).TrySetResult());
    }

    public bool MustAskStore() => true;

    public async Task<RunClose?> WaitAsync(TimeSpan atMost, CancellationToken cancellationToken)
    {
        try
        {
            await _hint.Task.WaitAsync(atMost, _clock, cancellationToken);
            // Replaced before the store is asked, so that a hint during the answer is seen afterwards.
            Volatile.Write(ref _hint, NewHint());
        }
        catch (TimeoutException)
        {
        }
        return null;
    }

    public void Dispose() => _subscription.Dispose();

    private static TaskCompletionSource NewHint() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
