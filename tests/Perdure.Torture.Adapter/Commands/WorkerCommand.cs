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
        var (asked, stopped) = (NewSignal(), NewSignal());
        PerdureEngine? engine = null;
        var stops = 0;
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
        {
            signal.Cancel = true;
            asked.TrySetResult();
            LimitStop();
            // At once, on the thread of the signal: bodies may keep the pool busy.
            _ = StopAsync();
        });
        await using var services = Engine.BuildWorker(settings, new JournalledBodies(new EffectsJournal(settings)));
        Volatile.Write(ref engine, await StartAsync(services, asked.Task));
        if (engine is null) return 0;
        if (asked.Task.IsCompleted) _ = StopAsync();
        Console.WriteLine(JsonSerializer.Serialize(new { ready = true, pid = Environment.ProcessId }));
        await Console.Out.FlushAsync();

        await asked.Task;
        await stopped.Task;
        return 0;

        async Task StopAsync()
        {
            if (Volatile.Read(ref engine) is not { } working || Interlocked.Exchange(ref stops, 1) != 0) return;
            await working.StopAsync();
            stopped.TrySetResult();
        }
    }

    /// <summary>Ends the process in time, whatever is under way: the store may be away, or the pool busy.</summary>
    private static void LimitStop() => new Thread(static () =>
    {
        Thread.Sleep(StopLimit);
        Libc.Leave(0);
    }) { IsBackground = true }.Start();

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

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
