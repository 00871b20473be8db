using Perdure.Files.Folders;

namespace Perdure.Files.Wakeups;

/// <summary>
/// Hints within the process, and for a store that does not own its folder a look every 50 milliseconds whether the owner has written. The thread of the look begins with the
/// first subscription that needs it.
/// </summary>
internal sealed class FolderWakeups(string root) : IWakeups, IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    private readonly LocalWakeups _local = new();
    private readonly Lock _gate = new();
    private readonly ManualResetEventSlim _stop = new();
    private Thread? _watcher;
    private bool _isOwner;

    public IDisposable Subscribe(Action onWake)
    {
        var subscription = _local.Subscribe(onWake);
        lock (_gate)
        {
            if (_watcher is null && !_isOwner && !_stop.IsSet)
            {
                _watcher = new Thread(Watch) { IsBackground = true, Name = "Perdure file watcher" };
                _watcher.Start();
            }
        }
        return subscription;
    }

    public void Wake() => _local.Wake();

    /// <summary>From here on nothing is written that this process does not know.</summary>
    public void BecomeOwner()
    {
        lock (_gate) _isOwner = true;
    }

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
        var seen = -1L;
        while (!_stop.Wait(Interval) && !Volatile.Read(ref _isOwner))
        {
            var now = Look();
            if (now != seen) _local.Wake();
            seen = now;
        }
    }

    /// <summary>A number that moves whenever something is written: every group makes the journal longer.</summary>
    private long Look()
    {
        try
        {
            var sum = 0L;
            foreach (var segment in new DirectoryInfo(Path.Combine(root, Layout.Journal)).EnumerateFiles("*.log"))
                sum += segment.Length + segment.Name.GetHashCode(StringComparison.Ordinal);
            return sum;
        }
        catch (Exception e) when (Faults.IsOfDisk(e))
        {
            return -1;
        }
    }
}
