namespace Perdure.Simulation;

/// <summary>The clocks of one process: a wall clock that is wrong by any amount, and a monotonic one that may run a little fast or slow.</summary>
internal sealed class SimTime(World world, SimContext? context) : TimeProvider
{
    private static readonly DateTimeOffset Epoch = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>By how much the wall clock is wrong; a process's stays so, the store's may step.</summary>
    public TimeSpan Offset { get; set; }

    /// <summary>How fast the monotonic clock runs; 1 is right.</summary>
    public double Rate { get; init; } = 1;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => (long)(world.Now * Rate);

    public override DateTimeOffset GetUtcNow() => Epoch + TimeSpan.FromTicks(world.Now) + Offset;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private void Arm(TimeSpan due, Action action) => world.After((long)Math.Ceiling(due.Ticks / Rate), action);

    private sealed class Timer(SimTime time, TimerCallback callback, object? state) : ITimer
    {
        private int _version;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            var version = ++_version;
            if (period != Timeout.InfiniteTimeSpan) throw new NotSupportedException("The engine uses no periodic timers.");
            if (dueTime != Timeout.InfiniteTimeSpan) time.Arm(dueTime, () => Fire(version));
            return true;
        }

        public void Dispose() => _version++;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }

        private void Fire(int version)
        {
            if (version != _version) return;
            time.PostTimer(_ =>
            {
                // A timer that was changed while its callback waited for the processor may fire all the same; one that was disposed may not call into nothing.
                if (version == _version) callback(state);
            });
        }
    }

    private void PostTimer(SendOrPostCallback fire) => (context ?? throw new InvalidOperationException("This clock has no timers.")).Post(fire, null);
}
