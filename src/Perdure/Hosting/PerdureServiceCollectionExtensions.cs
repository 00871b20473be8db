using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Perdure;
using Perdure.Hosting;
using Perdure.Journal;
using Perdure.Worker;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds Perdure to an application.</summary>
public static class PerdureServiceCollectionExtensions
{
    /// <summary>
    /// Adds the engine: the client, and a worker that takes runs and activities once the application has started. Called again, it goes on with the same engine.
    /// </summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configure">Sets options; wins over configuration.</param>
    /// <returns>A builder for the store, the workflows and the activities.</returns>
    /// <example>
    /// <code>
    /// builder.Services.AddPerdure().UseSqlite("Data Source=orders.db").AddWorkflow&lt;OrderWorkflow&gt;();
    /// </code>
    /// </example>
    public static IPerdureBuilder AddPerdure(this IServiceCollection services, Action<PerdureOptions>? configure = null)
    {
        var builder = Add(services, configure, out var setup);
        if (setup.HasWorker) return builder;
        setup.HasWorker = true;
        services.AddSingleton<IPerdurePump>(static provider => new Pump(provider.GetRequiredService<EngineHost>()));
        // AddHostedService would drop a second engine's service as a double of the first.
        services.AddSingleton<IHostedService>(static provider => new PerdureHostedService(
            provider.GetRequiredService<EngineHost>(), provider.GetService<IHostApplicationLifetime>()));
        return builder;
    }

    /// <summary>Adds only the client: this process starts runs and asks about them, and takes no work.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configure">Sets options; wins over configuration.</param>
    /// <returns>A builder for the store, and for workflows whose inputs this process shall check.</returns>
    public static IPerdureBuilder AddPerdureClient(this IServiceCollection services, Action<PerdureOptions>? configure = null) => Add(services, configure, out _);

    private static PerdureBuilder Add(IServiceCollection services, Action<PerdureOptions>? configure, out PerdureSetup setup)
    {
        ArgumentNullException.ThrowIfNull(services);
        if (PerdureSetup.Find(services) is { } existing) setup = existing;
        else
        {
            setup = new PerdureSetup();
            services.AddSingleton(setup);
            services.TryAddSingleton(TimeProvider.System);
            services.TryAddSingleton<IEntropy, SystemEntropy>();
            services.TryAddSingleton<IEngineScheduler, ThreadScheduler>();
            services.AddSingleton(static provider => new PerdureOptionsSetup(provider.GetRequiredService<PerdureSetup>(), provider.GetService<IConfiguration>()));
            services.AddSingleton<IConfigureOptions<PerdureOptions>>(static provider => provider.GetRequiredService<PerdureOptionsSetup>());
            services.AddSingleton<IValidateOptions<PerdureOptions>>(static provider => provider.GetRequiredService<PerdureOptionsSetup>());
            services.AddOptions<PerdureOptions>().ValidateOnStart();
            services.AddSingleton<EngineHost>();
            services.AddSingleton(static provider => provider.GetRequiredService<EngineHost>().Client);
        }
        if (configure is not null) services.Configure(configure);
        return new PerdureBuilder(services, setup);
    }
}
