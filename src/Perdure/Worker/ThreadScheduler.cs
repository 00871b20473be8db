using Perdure.Journal;

namespace Perdure.Worker;

/// <summary>Production: work runs on the thread pool, loops on threads of their own.</summary>
internal sealed class ThreadScheduler : IEngineScheduler
{
    public SynchronizationContext? Home => null;

    public void Post(Action<object?> work, object? state) => ThreadPool.UnsafeQueueUserWorkItem(work, state, preferLocal: false);

    public void Post(IThreadPoolWorkItem work) => ThreadPool.UnsafeQueueUserWorkItem(work, preferLocal: false);

    public Task StartLoop(string name, Func<Task> loop) => LoopThread.Start(name, loop);

    public Task WaitAsync(TimeSpan wait, TimeProvider clock, CancellationToken stop) =>
        clock == TimeProvider.System && LoopThread.Current is { } loop ? loop.WaitAsync(wait, stop) : Task.Delay(wait, clock, stop);

    public bool TryGiveWay()
    {
        Thread.Yield();
        return true;
    }
}
