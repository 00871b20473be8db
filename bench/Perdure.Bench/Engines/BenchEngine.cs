using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Perdure.Storage;

namespace Perdure.Bench.Engines;

/// <summary>
/// The engine as a user has it: registered, with a worker and all bench workflows, reached through its client. Default options. Thread
/// safe.
/// </summary>
internal sealed class BenchEngine : IBenchEngine
{
    private readonly ServiceProvider _services;
    private readonly PerdureEngine? _engine;

    private BenchEngine(ServiceProvider services, PerdureEngine? engine, IPerdureStore store) =>
        (_services, _engine, Store) = (services, engine, store);

    public IPerdureStore Store { get; }

    public IPerdureClient Client => _services.GetRequiredService<IPerdureClient>();

    public static async Task<BenchEngine> StartAsync(Place place, RetentionPolicy? retention = null)
    {
        var (provider, store) = Build(place, retention);
        return new BenchEngine(provider, await PerdureEngine.StartAsync(provider), store);
    }

    /// <summary>A process that starts and asks, and leaves the work to others.</summary>
    public static BenchEngine ClientOf(Place place)
    {
        var (provider, store) = Build(place, null);
        return new BenchEngine(provider, null, store);
    }

    private static (ServiceProvider Services, IPerdureStore Store) Build(Place place, RetentionPolicy? retention)
    {
        var store = place.Open();
        var services = new ServiceCollection();
        services.AddSingleton<ILoggerFactory>(new WarningLog());
        services.AddPerdure(options => (options.AutoMigrate, options.Retention) = (true, retention)).UseStore(_ => store)
            .AddWorkflow(Workloads.Steps, Workloads.RunStepsAsync)
            .AddWorkflow(Workloads.Stamp, Workloads.RunStampAsync)
            .AddWorkflow(Workloads.Waits, Workloads.RunWaitsAsync)
            .AddWorkflow(Workloads.Sleeps, Workloads.RunSleepsAsync)
            .AddWorkflow(Workloads.Crashes, Workloads.RunCrashesAsync)
            .AddWorkflow(Workloads.Parallel, Workloads.RunParallelAsync)
            .AddWorkflow(Workloads.Each, Workloads.RunEachAsync)
            .AddWorkflow(Workloads.Parent, Workloads.RunParentAsync)
            .AddWorkflow(Workloads.Fires, Fires.RunAsync);
        return (services.BuildServiceProvider(), store);
    }

    public Task<TOut> RunAsync<TIn, TOut>(WorkflowDefinition<TIn, TOut> workflow, TIn input) => Client.RunAsync(workflow, input);

    /// <summary>Starts a run and waits until it is durable that it waits for something.</summary>
    public async Task<RunHandle<TOut>> StartSuspendedAsync<TIn, TOut>(WorkflowDefinition<TIn, TOut> workflow, TIn input)
    {
        var run = await Client.StartAsync(workflow, input);
        while (await run.StatusAsync() != RunStatus.Suspended) await Task.Delay(1);
        return run;
    }

    public async ValueTask DisposeAsync()
    {
        if (_engine is not null) await _engine.DisposeAsync();
        await _services.DisposeAsync();
    }
}
