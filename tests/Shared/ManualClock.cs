namespace Perdure.Testing.Shared;

/// <summary>
/// Time that passes only when a test says so. Timers fire on the thread that advances the clock, each at its own due instant and in order.
/// </summary>
/// <remarks>
/// The wall clock can be set apart from the elapsed time, as an operator or a time server would do it; timers and timestamps follow the
/// elapsed time alone. Thread safe.
/// </remarks>
internal sealed class ManualClock(DateTimeOffset start) : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<ManualTimer> _timers = [];
    private long _elapsed;
    private DateTimeOffset _epoch = start;
    private long _timersMade;

    public ManualClock() : this(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero)) { }

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <summary>How many timers are waiting.</summary>
    public int PendingTimers
    {
        get
        {
            lock (_gate) return _timers.Count;
        }
    }

    /// <summary>When the next timer is due, or null.</summary>
    public DateTimeOffset? NextTimer
    {
        get
        {
            lock (_gate) return Earliest() is { } timer ? _epoch.AddTicks(timer.Due) : null;
        }
    }

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate) return _epoch.AddTicks(_elapsed);
    }

    /// <inheritdoc/>
    public override long GetTimestamp()
    {
        lock (_gate) return _elapsed;
    }

    /// <summary>Lets time pass. Every timer that becomes due fires, at its instant, before this returns.</summary>
    public void Advance(TimeSpan duration)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(duration, TimeSpan.Zero);
        long end;
        lock (_gate) end = _elapsed + duration.Ticks;
        while (TakeDue(end) is { } timer) timer.Fire();
        lock (_gate) _elapsed = Math.Max(_elapsed, end);
    }

    /// <summary>The process stands still for so long: time passes, and what has become due meanwhile fires only when it passes again.</summary>
    public void StandStill(TimeSpan duration)
    {
        lock (_gate) _elapsed += duration.Ticks;
    }

    /// <summary>Lets time pass until the next timer has fired. False when no timer is waiting.</summary>
    public bool AdvanceToNextTimer()
    {
        TimeSpan wait;
        lock (_gate)
        {
            if (Earliest() is not { } timer) return false;
            wait = TimeSpan.FromTicks(Math.Max(0, timer.Due - _elapsed));
        }
        Advance(wait);
        return true;
    }

    /// <summary>Moves the wall clock, forward or back, without letting time pass.</summary>
    public void ShiftWallClock(TimeSpan difference)
    {
        lock (_gate) _epoch += difference;
    }

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private ManualTimer? TakeDue(long end)
    {
        lock (_gate)
        {
            if (Earliest() is not { } timer || timer.Due > end) return null;
            _elapsed = Math.Max(_elapsed, timer.Due);
            _timers.Remove(timer);
            if (timer.Period > 0) Schedule(timer, timer.Due + timer.Period);
            return timer;
        }
    }

    private ManualTimer? Earliest()
    {
        ManualTimer? earliest = null;
        foreach (var timer in _timers)
        {
            if (earliest is null || (timer.Due, timer.Order).CompareTo((earliest.Due, earliest.Order)) < 0) earliest = timer;
        }
        return earliest;
    }

    private void Schedule(ManualTimer timer, long due)
    {
        timer.Due = due;
        timer.Order = ++_timersMade;
        _timers.Add(timer);
    }

    private sealed class ManualTimer(ManualClock clock, TimerCallback callback, object? state) : ITimer
    {
        private bool _disposed;

        public long Due { get; set; }

        public long Period { get; private set; }

        /// <summary>Of timers that are due together the one that was set first fires first.</summary>
        public long Order { get; set; }

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._gate)
            {
                if (_disposed) return false;
                clock._timers.Remove(this);
                Period = period == Timeout.InfiniteTimeSpan ? 0 : period.Ticks;
                if (dueTime != Timeout.InfiniteTimeSpan) clock.Schedule(this, clock._elapsed + dueTime.Ticks);
                return true;
            }
        }

        public void Dispose()
        {
            lock (clock._gate)
            {
                _disposed = true;
                clock._timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
