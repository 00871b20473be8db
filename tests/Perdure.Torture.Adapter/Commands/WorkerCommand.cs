using System.Runtime.InteropServices;
using System.Text.Json;
using Perdure.Storage;
using Perdure.Torture.Adapter.Bodies;
using Perdure.Torture.Adapter.Journal;

namespace Perdure.Torture.Adapter.Commands;

/// <summary><c>worker</c>: takes runs until it is killed, or asked to stop by SIGTERM.</summary>
internal static class WorkerCommand
{
    /// <summary>The harness waits for 8 s. Bodies that run longer than this die with the process.</summary>
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(6.5);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    public static async Task<int> RunAsync(AdapterSettings settings)
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        PerdureEngine? engine = null;
        var stopping = Task.CompletedTask;
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
        {
            signal.Cancel = true;
            // At once, on the thread of the signal: bodies may keep the pool busy.
            if (Volatile.Read(ref engine) is { } working) stopping = working.StopAsync();
            asked.TrySetResult();
        });
        await using var services = Engine.BuildWorker(settings, new JournalledBodies(new EffectsJournal(settings)));
        Volatile.Write(ref engine, await StartAsync(services, asked.Task));
        if (engine is null) return 0;
        Console.WriteLine(JsonSerializer.Serialize(new { ready = true, pid = Environment.ProcessId }));
        await Console.Out.FlushAsync();

        await asked.Task;
        // A second call does nothing; the first one is made here when the signal came before there was an engine.
        var ended = Task.WhenAll(engine.StopAsync(), stopping);
        if (await Task.WhenAny(ended, Task.Delay(StopLimit)) != ended) Libc.Leave(0);
        await ended;
        return 0;
    }

    /// <summary>Starts the engine; a store that is away for the moment is waited for.</summary>
    private static async Task<PerdureEngine?> StartAsync(IServiceProvider services, Task asked)
    {
        while (true)
        {
            try
            {
                return await PerdureEngine.StartAsync(services);
            }
            catch (StoreException e) when (e.Fault is StoreFault.Transient or StoreFault.Unknown)
            {
                if (await Task.WhenAny(asked, Task.Delay(Pause)) == asked) return null;
            }
        }
    }
}
