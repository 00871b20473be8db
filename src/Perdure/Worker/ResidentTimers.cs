using Perdure.Storage;

namespace Perdure.Worker;

/// <summary>
/// When runs in memory have something to do by themselves. One timer of the process serves them all; each run has at most one live entry. Thread safe.
/// </summary>
internal sealed class ResidentTimers : IDisposable
{
    private readonly Lock _gate = new();
    private readonly PriorityQueue<Entry, long> _queue = new();
    private readonly ITimer _timer;
    private readonly StoreClock _clock;
    private Instant _armed = Instant.Never;
    private bool _disposed;

    public ResidentTimers(TimeProvider provider, StoreClock clock)
    {
        _clock = clock;
        _timer = provider.CreateTimer(static timers => ((ResidentTimers)timers!).Fire(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Calls <see cref="RunActor.TimerDue"/> at <paramref name="due"/>, unless the entry is cleared before.</summary>
    public Entry Set(RunActor run, Instant due)
    {
        var entry = new Entry(run, due);
        lock (_gate)
        {
            if (_disposed) return entry;
            _queue.Enqueue(entry, due.Micros);
            if (due < _armed) Arm(due);
        }
        return entry;
    }

    public void Dispose()
    {
        lock (_gate) _disposed = true;
        _timer.Dispose();
    }

    private void Fire()
    {
        List<Entry> due = [];
        lock (_gate)
        {
            if (_disposed) return;
            _armed = Instant.Never;
            var now = _clock.Now;
            while (_queue.TryPeek(out var entry, out _) && entry.Due <= now) due.Add(_queue.Dequeue());
            if (_queue.TryPeek(out var next, out _)) Arm(next.Due);
        }
        foreach (var entry in due) entry.Run?.TimerDue(entry.Due);
    }

    private void Arm(Instant due)
    {
        _armed = due;
        var wait = due - _clock.Now;
        // Timers count whole milliseconds; waking early would only mean to wait again.
        var milliseconds = wait <= TimeSpan.Zero ? 0 : Math.Ceiling(wait.TotalMilliseconds);
        _timer.Change(TimeSpan.FromMilliseconds(Math.Min(milliseconds, TimeSpan.FromDays(1).TotalMilliseconds)), Timeout.InfiniteTimeSpan);
    }

    /// <summary>One instant of one run. A cleared entry stays in the queue until its time, but holds nothing.</summary>
    internal sealed class Entry(RunActor run, Instant due)
    {
        public RunActor? Run { get; private set; } = run;

        public Instant Due { get; } = due;

        public void Clear() => Run = null;
    }
}
