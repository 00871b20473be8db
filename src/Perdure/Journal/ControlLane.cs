using Perdure.Storage;

namespace Perdure.Journal;

/// <summary>
/// The lane for everything but groups: claims and finished tasks. It stamps each call, and finds out what became of one whose answer was lost
/// before it makes the next.
/// </summary>
/// <remarks>Not thread safe: the worker's control loop makes all calls.</remarks>
internal sealed class ControlLane(IPerdureStore store, StoreCalls calls, long worker)
{
    private long _attempts;
    private long _previous;

    /// <summary>
    /// Makes a stamped call until it is answered. <paramref name="recall"/> reads again what a committed attempt answered.
    /// </summary>
    public async Task<T> CallAsync<T>(
        Func<LaneStamp, CancellationToken, Task<T>> call, Func<long, CancellationToken, Task<T>> recall, Func<T, bool> isFenced, CancellationToken stop)
    {
        for (var failures = 0; ; )
        {
            stop.ThrowIfCancellationRequested();
            var stamp = new LaneStamp(worker, 0, ++_attempts, _previous);
            try
            {
                var answer = await calls.OnceAsync(token => call(stamp, token));
                if (!isFenced(answer)) _previous = stamp.Number;
                return answer;
            }
            catch (StoreException e) when (e.Fault == StoreFault.Unknown)
            {
                if (!await calls.UntilAnsweredAsync(token => store.ResolveAsync(worker, 0, stamp.Number, token), stop)) continue;
                _previous = stamp.Number;
                return await calls.UntilAnsweredAsync(token => recall(stamp.Number, token), stop);
            }
            catch (StoreException e) when (StoreCalls.MayPass(e.Fault))
            {
                await calls.BackOffAsync(e, ++failures, stop);
            }
        }
    }
}
