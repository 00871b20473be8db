namespace Perdure.Worker;

/// <summary>
/// A thread that runs one asynchronous loop: its continuations queue up here and nowhere else, and it wakes by itself at the times that its loop waits for. Ends with the loop.
/// </summary>
internal sealed class LoopThread : SynchronizationContext
{
    private static readonly TimeProvider Clock = TimeProvider.System;

    // A plain monitor: waiting on it gives the processor away at once, where a semaphore would spin first.
    private readonly object _gate = new();
    private readonly Queue<(SendOrPostCallback Callback, object? State)> _queue = new();
    private readonly PriorityQueue<TaskCompletionSource, long> _alarms = new();
    private bool _over;

    /// <summary>The loop thread that the caller runs on, if it is one.</summary>
    public static new LoopThread? Current => SynchronizationContext.Current as LoopThread;

    public static Task Start(string name, Func<Task> loop)
    {
        var context = new LoopThread();
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() => context.Run(loop, ended)) { IsBackground = true, Name = name };
        thread.UnsafeStart();
        return ended.Task;
    }

    public override void Post(SendOrPostCallback d, object? state)
    {
        lock (_gate)
        {
            if (_over) return;
            _queue.Enqueue((d, state));
            Monitor.Pulse(_gate);
        }
    }

    public override SynchronizationContext CreateCopy() => this;

    /// <summary>Waits without needing any other thread. Only for the loop itself.</summary>
    public async Task WaitAsync(TimeSpan wait, CancellationToken stop)
    {
        // Set by this thread or by whoever cancels; what follows comes back here through the context.
        var alarm = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var at = Clock.GetTimestamp() + (long)(wait.TotalSeconds * Clock.TimestampFrequency);
        lock (_gate) _alarms.Enqueue(alarm, at);
        using var stopping = stop.UnsafeRegister(static (alarm, token) => ((TaskCompletionSource)alarm!).TrySetCanceled(token), alarm);
        await alarm.Task;
    }

    private void Run(Func<Task> loop, TaskCompletionSource ended)
    {
        SetSynchronizationContext(this);
        var task = loop();
        _ = task.ContinueWith(static (_, context) => ((LoopThread)context!).Post(static _ => { }, null), this,
            CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        while (!task.IsCompleted)
        {
            var (callback, state) = Next();
            callback(state);
        }
        lock (_gate) _over = true;
        if (task.IsFaulted) ended.SetException(task.Exception.InnerExceptions);
        else ended.SetResult();
    }

    /// <summary>What is to run next; waits for it, and rings alarms meanwhile.</summary>
    private (SendOrPostCallback Callback, object? State) Next()
    {
        lock (_gate)
        {
            while (true)
            {
                var pause = RingAlarms();
                if (_queue.TryDequeue(out var item)) return item;
                Monitor.Wait(_gate, pause);
            }
        }
    }

    /// <summary>Ends the waits whose time has come. Returns how long there is no other, in milliseconds, or <see cref="Timeout.Infinite"/>.</summary>
    private int RingAlarms()
    {
        while (_alarms.TryPeek(out var alarm, out var at))
        {
            var left = (at - Clock.GetTimestamp()) * 1000.0 / Clock.TimestampFrequency;
            // Rounded up: a monitor that woke a little early would find nothing to do and spin.
            if (left > 0 && !alarm.Task.IsCompleted) return (int)Math.Min(Math.Ceiling(left), int.MaxValue);
            _alarms.Dequeue();
            // What it wakes is posted to this thread, whose gate may be entered again.
            alarm.TrySetResult();
        }
        return Timeout.Infinite;
    }
}
