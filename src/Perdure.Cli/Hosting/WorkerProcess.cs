using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Perdure.Cli.Databases;
using Perdure.Cli.Output;

namespace Perdure.Cli.Hosting;

/// <summary>A worker in this process, from its start to its graceful end.</summary>
internal static class WorkerProcess
{
    /// <summary>What the host adds to the engine's own grace.</summary>
    private static readonly TimeSpan ExtraGrace = TimeSpan.FromSeconds(5);

    /// <param name="order">What to do.</param>
    /// <param name="database">The store.</param>
    /// <param name="stop">Ends it: bodies get their time, then everything is given back.</param>
    public static async Task<int> RunAsync(WorkerOrder order, Database database, CancellationToken stop)
    {
        using var host = Build(order, database, PerdureRuntime.InProcess);
        await host.StartAsync(stop);
        Screen.Say($"worker {Environment.ProcessId} works on {database.Place}");
        await StoppedAsync(host.Services.GetRequiredService<IHostApplicationLifetime>(), stop);
        await host.StopAsync(CancellationToken.None);
        return ExitCode.Done;
    }

    /// <summary>The host of a process that works, not yet started.</summary>
    public static IHost Build(WorkerOrder order, Database database, PerdureRuntime runtime)
    {
        var assembly = WorkflowAssembly.Load(order.Assembly);
        // The application's own folder, so that its appsettings.json counts.
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { ContentRootPath = Path.GetDirectoryName(assembly.Path) });
        builder.Logging.ClearProviders().AddSimpleConsole(console => console.SingleLine = true);
        builder.Services.Configure<ConsoleLoggerOptions>(static console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        // Signals are the tool's to handle.
        builder.Services.AddSingleton<IHostLifetime, ToolLifetime>();

        var engine = builder.Services.AddPerdure(options =>
        {
            options.AutoMigrate = database.MigratesByItself;
            options.Runtime = runtime;
            order.Apply(options);
        });
        database.Use(engine);
        assembly.Register(engine);
        builder.Services.AddOptions<HostOptions>().Configure<Microsoft.Extensions.Options.IOptions<PerdureOptions>>(
            static (host, perdure) => host.ShutdownTimeout = perdure.Value.ShutdownGrace + ExtraGrace);
        return builder.Build();
    }

    private static async Task StoppedAsync(IHostApplicationLifetime lifetime, CancellationToken stop)
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var byTool = stop.Register(() => stopped.TrySetResult());
        using var byApplication = lifetime.ApplicationStopping.Register(() => stopped.TrySetResult());
        await stopped.Task;
    }
}
