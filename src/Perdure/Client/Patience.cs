using Perdure.Storage;

namespace Perdure.Client;

/// <summary>Repeats calls that a client may repeat until they are answered, up to a limit. Thread safe.</summary>
internal sealed class Patience(TimeProvider clock)
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan GiveUpAfter = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestTry = TimeSpan.FromSeconds(10);

    /// <summary>A call that only reads, or whose ids were made before the first try, so that a repetition is the same call.</summary>
    public async Task<T> RepeatAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        var start = clock.GetTimestamp();
        for (var delay = FirstDelay; ; delay = delay * 2 < LongestDelay ? delay * 2 : LongestDelay)
        {
            try
            {
                return await TryAsync(call, cancellationToken);
            }
            catch (StoreException e) when (e.Fault is StoreFault.Transient or StoreFault.Unknown && clock.GetElapsedTime(start) < GiveUpAfter)
            {
                await Task.Delay(delay, clock, cancellationToken);
            }
        }
    }

    /// <summary>One try. No call may hang for ever: one whose answer does not come counts as unknown.</summary>
    private async Task<T> TryAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        using var abandon = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var task = call(abandon.Token);
        if (task.IsCompleted) return await task;
        try
        {
            return await task.WaitAsync(LongestTry, clock, cancellationToken);
        }
        catch (TimeoutException e)
        {
            abandon.Cancel();
            throw new StoreException(StoreFault.Unknown, $"The store did not answer within {LongestTry.TotalSeconds:0.#} s.", e);
        }
    }
}
