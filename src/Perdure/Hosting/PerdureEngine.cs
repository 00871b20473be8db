using Microsoft.Extensions.DependencyInjection;
using Perdure.Authoring;
using Perdure.Hosting;

namespace Perdure;

/// <summary>
/// Runs an engine without a generic host: in a test, a script, a console program. In a host, <c>AddPerdure</c> does all of it by itself. Thread safe.
/// </summary>
/// <example>
/// <code>
/// await using var services = new ServiceCollection().AddPerdure().UseInMemory().AddWorkflow&lt;GreetWorkflow&gt;().Services.BuildServiceProvider();
/// await using var engine = await PerdureEngine.StartAsync(services);
/// var greeting = await engine.Client.RunAsync(GreetWorkflow.Definition, "Ann");
/// </code>
/// </example>
public sealed class PerdureEngine : IAsyncDisposable
{
    private readonly EngineHost _host;

    private PerdureEngine(EngineHost host) => _host = host;

    /// <summary>The client.</summary>
    public IPerdureClient Client => _host.Client;

    /// <summary>Makes the store ready and lets the worker take work.</summary>
    /// <param name="services">A provider whose services had <c>AddPerdure</c>. It stays the caller's to dispose, after the engine.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    /// <exception cref="InvalidOptionException">An option breaks a rule, no store is configured, or only <c>AddPerdureClient</c> was called.</exception>
    public static async Task<PerdureEngine> StartAsync(IServiceProvider services, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(services);
        return await StartAsync(services.GetService<EngineHost>()
            ?? throw new InvalidOptionException("services", "These services have no engine. Call services.AddPerdure() before the provider is built."), cancellationToken);
    }

    /// <summary>Makes the store of one of several engines ready and lets its worker take work.</summary>
    /// <param name="services">A provider whose services had <c>AddPerdure(name)</c>. It stays the caller's to dispose, after the engine.</param>
    /// <param name="name">Name of the engine.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    /// <exception cref="InvalidOptionException">An option breaks a rule, no store is configured, or there is no such engine.</exception>
    public static async Task<PerdureEngine> StartAsync(IServiceProvider services, string name, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(name);
        return await StartAsync(services.GetKeyedService<EngineHost>(name)
            ?? throw new InvalidOptionException("name", $"These services have no engine '{SafeText.Shorten(name, 100)}'. Call services.AddPerdure(name) before the provider is built."), cancellationToken);
    }

    private static async Task<PerdureEngine> StartAsync(EngineHost host, CancellationToken cancellationToken)
    {
        if (!host.HasWorker) throw new InvalidOptionException("services", "AddPerdureClient registers no worker to start. Call AddPerdure, or use IPerdureClient alone.");
        await host.ReadyAsync(cancellationToken);
        host.Work();
        return new PerdureEngine(host);
    }

    /// <summary>Stops taking work, lets bodies finish for up to <see cref="PerdureOptions.ShutdownGrace"/>, then gives everything back. The client goes on to work.</summary>
    /// <param name="cancellationToken">Ends the grace time early.</param>
    public Task StopAsync(CancellationToken cancellationToken = default) => _host.StopAsync(cancellationToken);

    /// <summary>As <see cref="StopAsync"/>.</summary>
    public async ValueTask DisposeAsync() => await _host.StopAsync(CancellationToken.None);
}
