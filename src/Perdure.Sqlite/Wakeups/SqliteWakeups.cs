using Perdure.Sqlite.Writing;

namespace Perdure.Sqlite.Wakeups;

/// <summary>
/// Hints within the process, and a look every 50 milliseconds whether another process has committed. SQLite tells nobody of changes, but it
/// keeps a number that moves with them. The look is made by the only thread of the store; it begins with the first subscription.
/// </summary>
internal sealed class SqliteWakeups(Writer writer) : IWakeups, IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    private readonly LocalWakeups _local = new();
    private readonly Lock _gate = new();
    private readonly ManualResetEventSlim _stop = new();
    private Thread? _watcher;

    public IDisposable Subscribe(Action onWake)
    {
        var subscription = _local.Subscribe(onWake);
        lock (_gate)
        {
            if (_watcher is null && !_stop.IsSet)
            {
                _watcher = new Thread(Watch) { IsBackground = true, Name = "Perdure SQLite watcher" };
                _watcher.Start();
            }
        }
        return subscription;
    }

    public void Wake() => _local.Wake();

    public void Dispose()
    {
        Thread? watcher;
        lock (_gate)
        {
            _stop.Set();
            watcher = _watcher;
        }
        // A subscriber that disposes the store from its own hint must not wait for itself.
        if (watcher != Thread.CurrentThread) watcher?.Join();
    }

    private void Watch()
    {
        long? seen = null;
        while (!_stop.Wait(Interval))
        {
            if (writer.TryReadDataVersion() is not { } version) continue;
            // At the first look nobody knows what was committed since the subscription. And the number belongs to one connection: after that was opened again it may
            // differ. Both are at most one hint too many.
            if (seen != version) _local.Wake();
            seen = version;
        }
    }
}
