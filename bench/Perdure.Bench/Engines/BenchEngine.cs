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
    private readonly PerdureEngine _engine;

    private BenchEngine(ServiceProvider services, PerdureEngine engine, IPerdureStore store) =>
        (_services, _engine, Store) = (services, engine, store);

    public IPerdureStore Store { get; }

    public IPerdureClient Client => _engine.Client;

    public static async Task<BenchEngine> StartAsync(Backend backend, string path)
    {
        var store = backend.Open(path);
        var services = new ServiceCollection();
        services.AddSingleton<ILoggerFactory>(new WarningLog());
        services.AddPerdure().UseStore(_ => store)
            .AddWorkflow(Workloads.Steps, Workloads.RunStepsAsync)
            .AddWorkflow(Workloads.Stamp, Workloads.RunStampAsync)
            .AddWorkflow(Workloads.Waits, Workloads.RunWaitsAsync)
            .AddWorkflow(Workloads.Sleeps, Workloads.RunSleepsAsync)
            .AddWorkflow(Workloads.Crashes, Workloads.RunCrashesAsync);
        var provider = services.BuildServiceProvider();
        return new BenchEngine(provider, await PerdureEngine.StartAsync(provider), store);
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
        await _engine.DisposeAsync();
        await _services.DisposeAsync();
    }
}
