using Microsoft.Extensions.DependencyInjection;
using Perdure.Cli.Databases;
using Perdure.Cli.Output;

namespace Perdure.Cli.Hosting;

/// <summary>A worker that looks at the store a number of times, and ends: for scripts and timers of an operating system.</summary>
internal static class PumpProcess
{
    /// <param name="order">What to do.</param>
    /// <param name="database">The store.</param>
    /// <param name="looks">How often it looks; between two looks lies a tick.</param>
    /// <param name="stop">Ends it early: what it has taken is given back.</param>
    public static async Task<int> RunAsync(WorkerOrder order, Database database, int looks, CancellationToken stop)
    {
        using var host = WorkerProcess.Build(order, database, PerdureRuntime.Pump);
        await host.StartAsync(stop);
        Screen.Say($"worker {Environment.ProcessId} works on {database.Place}");
        var pump = host.Services.GetRequiredService<IPerdurePump>();
        for (var look = 1; look <= looks; look++)
        {
            var report = await pump.RunOnceAsync(cancellationToken: stop);
            Screen.Say($"{look} of {looks}: {report.Processed} runs and activities{(report.NextDue is { } due ? $", the next is due at {Cells.Of(due)}" : "")}");
            if (look < looks) await Task.Delay(order.Tick ?? PerdureDefaults.PollInterval, stop);
        }
        await host.StopAsync(CancellationToken.None);
        return ExitCode.Done;
    }
}
