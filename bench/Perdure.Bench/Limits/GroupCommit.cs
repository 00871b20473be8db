using System.Collections.Concurrent;

namespace Perdure.Bench.Limits;

/// <summary>
/// The prototype of group commit: one thread writes whatever is waiting as one transaction and then tells all who wait. No engine, no
/// replay, no ownership: what it reaches is what the same tables and the same disk allow.
/// </summary>
internal sealed class GroupCommit : IDisposable
{
    private const int LargestGroup = 4096;

    private readonly ILogDatabase _db;
    private readonly ConcurrentQueue<PendingWrite> _queue = new();
    private readonly AutoResetEvent _signal = new(initialState: false);
    private readonly Thread _thread;
    private int _idle;
    private volatile bool _over;

    public GroupCommit(ILogDatabase db)
    {
        _db = db;
        _thread = new Thread(Loop) { IsBackground = true, Name = "bench-prototype" };
        _thread.Start();
    }

    public long Commits { get; private set; }

    /// <summary>Writes; done when it is durable.</summary>
    public ValueTask WriteAsync(PendingWrite write, WriteKind kind, long run, int sequence, byte[] bytes)
    {
        var done = write.Prepare(kind, run, sequence, bytes);
        _queue.Enqueue(write);
        if (Interlocked.Exchange(ref _idle, 0) == 1) _signal.Set();
        return done;
    }

    public void Dispose()
    {
        _over = true;
        _signal.Set();
        _thread.Join();
        _signal.Dispose();
    }

    private void Loop()
    {
        var group = new List<PendingWrite>();
        while (!_over)
        {
            while (group.Count < LargestGroup && _queue.TryDequeue(out var write)) group.Add(write);
            if (group.Count == 0)
            {
                Volatile.Write(ref _idle, 1);
                if (_queue.IsEmpty) _signal.WaitOne();
                Volatile.Write(ref _idle, 0);
                continue;
            }
            try
            {
                _db.Write(group);
                Commits++;
                foreach (var write in group) write.Done();
            }
            catch (Exception e)
            {
                foreach (var write in group) write.Failed(e);
            }
            group.Clear();
        }
    }
}
