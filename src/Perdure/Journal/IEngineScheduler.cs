namespace Perdure.Journal;

/// <summary>
/// Where the engine's work runs. Production uses the thread pool and a few threads of its own; the simulator puts everything on one thread in an order
/// drawn from a seed.
/// </summary>
internal interface IEngineScheduler
{
    /// <summary>Runs <paramref name="work"/> soon, beside the caller.</summary>
    void Post(Action<object?> work, object? state);

    /// <summary>The same for work that knows itself what to do: nothing is allocated to carry it.</summary>
    void Post(IThreadPoolWorkItem work);

    /// <summary>The context in which engine continuations run; null means the thread pool.</summary>
    SynchronizationContext? Home { get; }

    /// <summary>Starts an endless loop that deserves a thread of its own. Its continuations come back to that thread.</summary>
    Task StartLoop(string name, Func<Task> loop);

    /// <summary>Waits by <paramref name="clock"/>. On a loop's thread and by the system's clock, that thread wakes by itself: no pool of threads that are all busy can delay it.</summary>
    Task WaitAsync(TimeSpan wait, TimeProvider clock, CancellationToken stop);

    /// <summary>Gives the processor to others for a moment. False: that would be pointless, because everything runs on one thread.</summary>
    bool TryGiveWay();
}
