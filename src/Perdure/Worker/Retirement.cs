using Perdure.Journal;
using Perdure.Storage;

namespace Perdure.Worker;

/// <summary>How a worker says farewell to the store: what it owns is free at once, and has lost nothing.</summary>
internal static class Retirement
{
    /// <summary>Tries until the store has answered, or until <paramref name="hurry"/> fires.</summary>
    public static async Task SayAsync(long worker, IPerdureStore store, StoreCalls calls, EngineLog log, CancellationToken hurry)
    {
        for (var failures = 0; ; )
        {
            try
            {
                await calls.OnceAsync(async token =>
                {
                    await store.RetireWorkerAsync(worker, token);
                    return true;
                });
                return;
            }
            catch (StoreException e) when (StoreCalls.MayPass(e.Fault) && !hurry.IsCancellationRequested)
            {
                await calls.BackOffAsync(e, ++failures, CancellationToken.None);
            }
            catch (StoreException e)
            {
                // The lease ends by itself, and others take over then.
                log.StoreRetry(e.Fault, failures + 1, e.Message);
                return;
            }
        }
    }
}
