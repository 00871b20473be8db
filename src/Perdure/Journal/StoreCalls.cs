using Perdure.Storage;

namespace Perdure.Journal;

/// <summary>How the engine calls a store: no call may hang for ever, and one whose answer does not come counts as unknown.</summary>
internal sealed class StoreCalls(TimeProvider clock, Func<double> jitter, TimeSpan timeout)
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LastDelay = TimeSpan.FromSeconds(5);

    /// <summary>Told whenever a call has to be repeated.</summary>
    public Action<StoreException, int>? OnRetry { get; set; }

    /// <summary>One call, with its time limit.</summary>
    public async Task<T> OnceAsync<T>(Func<CancellationToken, Task<T>> call)
    {
        using var abandon = new CancellationTokenSource();
        var task = call(abandon.Token);
        // Embedded stores answer before they return; they need no timer.
        if (task.IsCompleted) return await task;
        try
        {
            return await task.WaitAsync(timeout, clock);
        }
        catch (TimeoutException e)
        {
            abandon.Cancel();
            throw new StoreException(StoreFault.Unknown, $"The store did not answer within {timeout.TotalSeconds:0.#} s.", e);
        }
    }

    /// <summary>A call that may be repeated until it is answered: it reads, or it is idempotent.</summary>
    public async Task<T> UntilAnsweredAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken stop)
    {
        for (var failures = 0; ; )
        {
            stop.ThrowIfCancellationRequested();
            try
            {
                return await OnceAsync(call);
            }
            catch (StoreException e) when (MayPass(e.Fault))
            {
                await BackOffAsync(e, ++failures, stop);
            }
        }
    }

    /// <summary>Waits before the next try: longer from failure to failure, each worker for another time.</summary>
    public async Task BackOffAsync(StoreException failure, int failures, CancellationToken stop)
    {
        OnRetry?.Invoke(failure, failures);
        await PauseAsync(failures, stop);
    }

    /// <summary>As <see cref="BackOffAsync"/>, when it was not the store that failed.</summary>
    public Task PauseAsync(int failures, CancellationToken stop)
    {
        var delay = FirstDelay * Math.Pow(2, Math.Min(failures - 1, 10)) * (0.5 + jitter());
        return Task.Delay(delay < LastDelay ? delay : LastDelay, clock, stop);
    }

    /// <summary>Whether the same call may succeed later without anybody changing code or data.</summary>
    public static bool MayPass(StoreFault fault) => fault is StoreFault.Transient or StoreFault.Unknown or StoreFault.Unwritable;
}
