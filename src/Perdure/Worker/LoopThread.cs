namespace Perdure.Worker;

/// <summary>A thread that runs one asynchronous loop: its continuations queue up here and nowhere else. Ends with the loop.</summary>
internal sealed class LoopThread : SynchronizationContext
{
    private readonly Lock _gate = new();
    private readonly Queue<(SendOrPostCallback Callback, object? State)> _queue = new();
    private readonly SemaphoreSlim _ready = new(0);
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
        }
        _ready.Release();
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
            _ready.Wait();
            (SendOrPostCallback Callback, object? State) item;
            lock (_gate) item = _queue.Dequeue();
            item.Callback(item.State);
        }
        lock (_gate) _over = true;
        if (task.IsFaulted) ended.SetException(task.Exception.InnerExceptions);
        else ended.SetResult();
    }
}
