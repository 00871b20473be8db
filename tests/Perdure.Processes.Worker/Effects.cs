using System.Diagnostics;
using System.Globalization;

namespace Perdure.Processes.Worker;

/// <summary>What steps do to the world: they write down when they begin and end, and take their time.</summary>
internal sealed class Effects(string path, TimeSpan stepTime)
{
    private readonly Lock _gate = new();

    public async Task<string> ActAsync(string name, string step, CancellationToken ct)
    {
        Write($"{name} {step} begin");
        await Task.Delay(stepTime, ct);
        Write($"{name} {step} end");
        return $"{name}/{step}/{Environment.ProcessId.ToString(CultureInfo.InvariantCulture)}";
    }

    /// <summary>Keeps every thread of the pool busy, and far more work waiting than it has threads, for the time of a step.</summary>
    public Task<string> StarveAsync(string name)
    {
        using var over = new ManualResetEventSlim();
        using var rest = new CountdownEvent(2000);
        for (var i = 0; i < rest.InitialCount; i++)
        {
            ThreadPool.UnsafeQueueUserWorkItem(_ =>
            {
                over.Wait();
                rest.Signal();
            }, null);
        }
        Write($"{name} starve begin");
        Thread.Sleep(stepTime);
        over.Set();
        rest.Wait();
        Write($"{name} starve end");
        return Task.FromResult($"{name}/starve/{Environment.ProcessId.ToString(CultureInfo.InvariantCulture)}");
    }

    /// <summary>Ends the whole process, as a fault in native code would.</summary>
    public Task KillAsync(string name)
    {
        Write($"{name} kill begin");
        using var self = Process.GetCurrentProcess();
        self.Kill();
        return Task.Delay(Timeout.Infinite);
    }

    private void Write(string line)
    {
        lock (_gate) File.AppendAllText(path, $"{line} {Environment.ProcessId.ToString(CultureInfo.InvariantCulture)}\n");
    }
}
