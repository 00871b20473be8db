using Perdure.Journal;
using Perdure.Storage;

namespace Perdure.Worker;

/// <summary>
/// Keeps the worker's lease alive from a thread of its own, and looks for dead workers on the way. It waits on that thread too: with a store that answers its caller
/// at once, as SQLite does, nothing of it passes through the thread pool, however starved that is.
/// </summary>
internal sealed class LeaseKeeper
{
    private const int FenceBatch = 500;

    private readonly IPerdureStore _store;
    private readonly StoreCalls _calls;
    private readonly StoreClock _storeClock;
    private readonly TimeProvider _clock;
    private readonly IEngineScheduler _scheduler;
    private readonly TimeSpan _lease;
    private readonly long _worker;
    private readonly CancellationTokenSource _stop = new();
    private long _trustedFrom;

    public LeaseKeeper(IPerdureStore store, StoreCalls calls, StoreClock storeClock, TimeProvider clock, IEngineScheduler scheduler, TimeSpan lease, long worker, long registeredAt)
    {
        (_store, _calls, _storeClock, _clock, _scheduler, _lease, _worker) = (store, calls, storeClock, clock, scheduler, lease, worker);
        _trustedFrom = registeredAt;
    }

    /// <summary>The worker was marked dead.</summary>
    public required Action OnFenced { get; init; }

    /// <summary>The store can never be used again, or something happened that nobody foresaw; the lease is no longer kept.</summary>
    public required Action<Exception> OnFailed { get; init; }

    /// <summary>Dead workers' runs or tasks became free.</summary>
    public required Action OnFreed { get; init; }

    /// <summary>The lease was prolonged, so that bodies may begin again that had to wait. Told what operators have ordered of the worker.</summary>
    public required Action<WorkerOrders> OnRenewed { get; init; }

    /// <summary>Whether bodies may begin: nobody can have judged this worker dead yet. Counted from the start of the last renewal that succeeded.</summary>
    public bool IsTrusted => _clock.GetElapsedTime(Volatile.Read(ref _trustedFrom)) < _lease - _lease / 10;

    public void Stop() => _stop.Cancel();

    public async Task RunAsync()
    {
        // The first renewal is due a third of a lease after the registration was tried, however late its answer came.
        var renewed = _trustedFrom;
        try
        {
            while (true)
            {
                await FenceDeadWorkersAsync();
                var wait = _lease / 3 - _clock.GetElapsedTime(renewed);
                if (wait > TimeSpan.Zero) await _scheduler.WaitAsync(wait, _clock, _stop.Token);
                renewed = _clock.GetTimestamp();
                var began = renewed;
                var grant = await RenewAsync();
                if (grant is null) continue;
                if (!grant.Alive)
                {
                    OnFenced();
                    return;
                }
                Volatile.Write(ref _trustedFrom, began);
                _storeClock.Set(grant.Now, began);
                OnRenewed(grant.Orders);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
        }
        catch (Exception e)
        {
            OnFailed(e);
        }
    }

    /// <summary>One renewal; null when it failed and the next one must do.</summary>
    private async Task<LeaseGrant?> RenewAsync()
    {
        try
        {
            return await _calls.OnceAsync(token => _store.RenewAsync(_worker, token));
        }
        catch (StoreException e) when (StoreCalls.MayPass(e.Fault))
        {
            await _calls.BackOffAsync(e, 1, _stop.Token);
            return null;
        }
    }

    private async Task FenceDeadWorkersAsync()
    {
        try
        {
            while (true)
            {
                var report = await _calls.OnceAsync(token => _store.FenceDeadWorkersAsync(FenceBatch, token));
                // What only the dead had code for is everybody's now, even if they owned nothing.
                if (report.WorkersMarked + report.RunsFreed + report.TasksFreed == 0) return;
                OnFreed();
            }
        }
        catch (StoreException e) when (StoreCalls.MayPass(e.Fault))
        {
            // Looking for the dead is everybody's, for ever: the next round does it.
            await _calls.BackOffAsync(e, 1, _stop.Token);
        }
    }
}
