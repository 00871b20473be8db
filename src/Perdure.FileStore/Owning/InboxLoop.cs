namespace Perdure.Files.Owning;

/// <summary>Looks into the inbox of an owned folder every 20 milliseconds, and more often while others are talking. A thread of its own: no engine's clock moves it.</summary>
internal sealed class InboxLoop : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan BusyInterval = TimeSpan.FromMilliseconds(2);
    private const int BusyLooks = 50;

    private readonly FolderOwner _owner;
    private readonly Action _onServed;
    private readonly Action<Exception> _onFailed;
    private readonly ManualResetEventSlim _stop = new();
    private readonly Thread _thread;

    public InboxLoop(FolderOwner owner, Action onServed, Action<Exception> onFailed)
    {
        (_owner, _onServed, _onFailed) = (owner, onServed, onFailed);
        _thread = new Thread(Run) { IsBackground = true, Name = "Perdure file inbox" };
        _thread.Start();
    }

    public void Dispose()
    {
        _stop.Set();
        // A subscriber that disposes the store from its own hint must not wait for itself.
        if (_thread != Thread.CurrentThread) _thread.Join();
    }

    private void Run()
    {
        var busy = 0;
        var hasFailed = false;
        while (!_stop.Wait(busy > 0 ? BusyInterval : Interval))
        {
            try
            {
                if (_owner.ServeInbox())
                {
                    busy = BusyLooks;
                    _onServed();
                }
                else if (busy > 0) busy--;
                hasFailed = false;
            }
            catch (Exception e)
            {
                // What is in the inbox stays there. It is told once, not fifty times a second.
                if (!hasFailed) _onFailed(e);
                hasFailed = true;
            }
        }
    }
}
