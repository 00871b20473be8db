using Perdure.Journal;
using Perdure.Storage;

namespace Perdure.Worker;

/// <summary>Forgets start keys whose time is over, now and then and in small batches. Of all workers one has the turn.</summary>
internal sealed class KeyUpkeep(IPerdureStore store, StoreCalls calls, TimeProvider clock, Func<double> jitter)
{
    /// <summary>What the store's turns are called.</summary>
    public const string Turn = "start keys";

    private const int Batch = 500;

    private static readonly TimeSpan Interval = PerdureDefaults.RetentionInterval;

    /// <summary>Goes on until <paramref name="stop"/> fires. Faults of the store cost a round.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        // Workers that are started together do not ask together.
        var wait = TimeSpan.FromMinutes(1) * jitter();
        while (true)
        {
            await Task.Delay(wait, clock, stop);
            wait = Interval;
            try
            {
                // Somewhat less than the interval, so that who had the last turn is not too early for the next.
                if (await calls.OnceAsync(token => store.TakeTurnAsync(Turn, Interval * 0.9, token))) await RoundAsync(stop);
            }
            catch (StoreException e) when (StoreCalls.MayPass(e.Fault))
            {
                await calls.BackOffAsync(e, 1, stop);
            }
        }
    }

    private async Task RoundAsync(CancellationToken stop)
    {
        var start = clock.GetTimestamp();
        while (true)
        {
            var began = clock.GetTimestamp();
            if (await calls.OnceAsync(token => store.ForgetKeysAsync(Batch, token)) < Batch) return;
            await Task.Delay(PurgePace.Pause(clock.GetElapsedTime(began), clock.GetElapsedTime(start), Interval), clock, stop);
        }
    }
}
