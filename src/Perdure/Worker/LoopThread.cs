namespace Perdure.Worker;

/// <summary>A thread that runs one asynchronous loop: its continuations queue up here and nowhere else. Ends with the loop.</summary>
internal sealed class LoopThread : SynchronizationContext
{
    // A plain monitor: waiting on it gives the processor away at once, where a semaphore would spin first.
    private readonly object _gate = new();
    private readonly Queue<(SendOrPostCallback Callback, object? State)> _queue = new();
    private bool _over;

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

    private void Run(Func<Task> loop, TaskCompletionSource ended)
    {
        SetSynchronizationContext(this);
        var task = loop();
        _ = task.ContinueWith(static (_, context) => ((LoopThread)context!).Post(static _ => { }, null), this,
            CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        while (!task.IsCompleted)
        {
            (SendOrPostCallback Callback, object? State) item;
            lock (_gate)
            {
                while (!_queue.TryDequeue(out item)) Monitor.Wait(_gate);
            }
            item.Callback(item.State);
        }
        lock (_gate) _over = true;
        if (task.IsFaulted) ended.SetException(task.Exception.InnerExceptions);
        else ended.SetResult();
    }
}
