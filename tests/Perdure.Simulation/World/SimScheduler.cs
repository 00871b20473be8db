using Perdure.Journal;

namespace Perdure.Simulation;

/// <summary>The engine's work in one process: all of it goes to the process's queue.</summary>
internal sealed class SimScheduler(World world, SimContext context) : IEngineScheduler
{
    public SynchronizationContext? Home => context;

    public void Post(Action<object?> work, object? state) => context.Post(new SendOrPostCallback(work), state);

    public void Post(IThreadPoolWorkItem work) => context.Post(static work => ((IThreadPoolWorkItem)work!).Execute(), work);

    public bool TryGiveWay() => false;

    public Task WaitAsync(TimeSpan wait, TimeProvider clock, CancellationToken stop) => Task.Delay(wait, clock, stop);

    public Task StartLoop(string name, Func<Task> loop)
    {
        var ended = new TaskCompletionSource();
        context.Post(_ => Run(), null);
        return ended.Task;

        async void Run()
        {
            try
            {
                await loop();
                ended.SetResult();
            }
            catch (Exception e)
            {
                world.Fail("I-36", $"The loop {name} of {context.Name} ended with an exception: {e}");
            }
        }
    }
}
