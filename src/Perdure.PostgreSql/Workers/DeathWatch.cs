using Perdure.PostgreSql.Access;
using Perdure.PostgreSql.Wakeups;

namespace Perdure.PostgreSql.Workers;

/// <summary>
/// Looks often whether workers that own something are gone, so that their runs go on within a second. While nobody else owns anything it does not look at all.
/// </summary>
internal sealed class DeathWatch
{
    private const int Batch = 500;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private readonly Deaths _deaths;
    private readonly PostgreSqlWakeups _wakeups;
    private readonly PostgreSqlLog _log;
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _worthIt = new(0, 1);
    private readonly Lock _gate = new();
    private Task? _loop;
    private bool _busy;

    public DeathWatch(Deaths deaths, PostgreSqlWakeups wakeups, PostgreSqlLog log)
    {
        (_deaths, _wakeups, _log) = (deaths, wakeups, log);
        deaths.OnLook = Look;
    }

    /// <summary>From now on it watches: a worker lives in this process.</summary>
    public void Start()
    {
        lock (_gate) _loop ??= RunAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        if (_loop is { } loop) await loop;
        _worthIt.Dispose();
    }

    private void Look(bool busy)
    {
        lock (_gate)
        {
            _busy = busy;
            if (busy && _loop is not null && _worthIt.CurrentCount == 0) _worthIt.Release();
        }
    }

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                await _worthIt.WaitAsync(_stop.Token);
                while (Volatile.Read(ref _busy))
                {
                    await Task.Delay(Interval, TimeProvider.System, _stop.Token);
                    await FenceAsync();
                }
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
        }
    }

    private async Task FenceAsync()
    {
        try
        {
            var report = await _deaths.FenceAsync(Batch, _stop.Token);
            if (report.RunsFreed + report.TasksFreed > 0) _wakeups.Wake();
        }
        catch (StoreException e)
        {
            // The worker's own round looks as well; this one is only faster.
            _log.WatchFailed(e.Message);
            await Task.Delay(Deaths.Doubt, TimeProvider.System, _stop.Token);
        }
    }
}
