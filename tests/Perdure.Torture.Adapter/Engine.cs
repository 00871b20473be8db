using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Perdure.Torture.Adapter.Bodies;
using Perdure.Torture.Adapter.Interpretation;

namespace Perdure.Torture.Adapter;

/// <summary>Puts Perdure together for one process of the test, as any application would.</summary>
internal static class Engine
{
    private const int RunsPerSlot = 4;

    /// <summary>A process that only asks.</summary>
    public static ServiceProvider BuildClient(AdapterSettings settings)
    {
        var services = Logged();
        var perdure = services.AddPerdureClient();
        settings.Database.Register(perdure, settings.Pool);
        // Clients know the workflow too: how many losses of its worker block a run is stored with the start.
        TortureWorkflow.Register(perdure, NoBodies.Instance, settings.MaxDeliveries);
        return services.BuildServiceProvider();
    }

    /// <summary>A process that works.</summary>
    public static ServiceProvider BuildWorker(AdapterSettings settings, IStepBodies bodies)
    {
        var services = Logged();
        var perdure = services.AddPerdure(options =>
        {
            options.Lease = settings.Lease;
            options.PollInterval = settings.Poll < settings.Lease ? settings.Poll : settings.Lease;
            options.MaxConcurrentSteps = settings.Slots;
            // Some sleep or wait while others run; many more would only wait for a slot, and be lost with the process.
            options.MaxResidentRuns = RunsPerSlot * settings.Slots;
            options.WorkerName = settings.Worker;
            options.Queue(PerdureDefaults.Queue, settings.Slots);
            foreach (var queue in StepQueues.Names) options.Queue(queue, settings.Slots);
            // Longer than the harness waits: a body that does not end in time dies with the process, and its attempt number with it.
            options.ShutdownGrace = TimeSpan.FromMinutes(1);
        });
        settings.Database.Register(perdure, settings.Pool);
        TortureWorkflow.Register(perdure, bodies, settings.MaxDeliveries);
        return services.BuildServiceProvider();
    }

    private static ServiceCollection Logged()
    {
        var services = new ServiceCollection();
        // Standard output belongs to the protocol.
        services.AddLogging(log => log.SetMinimumLevel(LogLevel.Information)
            .AddSimpleConsole(console => (console.SingleLine, console.TimestampFormat) = (true, "HH:mm:ss.fff "))
            .Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace));
        return services;
    }
}
