using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Perdure;
using Perdure.Authoring;
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
    public static IPerdureBuilder AddPerdure(this IServiceCollection services, Action<PerdureOptions>? configure = null) => AddWorker(services, name: null, configure);

    /// <summary>
    /// Adds an engine beside others: with a store, workflows and a worker of its own. Its <see cref="IPerdureClient"/> and <see cref="IPerdurePump"/> are keyed services under its name:
    /// <c>[FromKeyedServices("orders")] IPerdureClient client</c>. Called again with the name, it goes on with the same engine.
    /// </summary>
    /// <param name="services">The application's services.</param>
    /// <param name="name">The engine's name, as it stands in configuration (<c>Perdure:Engines:{name}</c>): 1 to 255 characters.</param>
    /// <param name="configure">Sets options; wins over configuration.</param>
    /// <returns>A builder for the store, the workflows and the activities.</returns>
    /// <exception cref="InvalidOptionException">The name breaks a rule.</exception>
    public static IPerdureBuilder AddPerdure(this IServiceCollection services, string name, Action<PerdureOptions>? configure = null) => AddWorker(services, Checked(name), configure);

    /// <summary>Adds only the client: this process starts runs and asks about them, and takes no work.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configure">Sets options; wins over configuration.</param>
    /// <returns>A builder for the store, and for workflows whose inputs this process shall check.</returns>
    public static IPerdureBuilder AddPerdureClient(this IServiceCollection services, Action<PerdureOptions>? configure = null) => Add(services, name: null, configure, out _);

    /// <summary>Adds the client of one of several stores, as a keyed service: see <see cref="AddPerdure(IServiceCollection, string, Action{PerdureOptions})"/>.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="name">The engine's name: 1 to 255 characters.</param>
    /// <param name="configure">Sets options; wins over configuration.</param>
    /// <returns>A builder for the store, and for workflows whose inputs this process shall check.</returns>
    /// <exception cref="InvalidOptionException">The name breaks a rule.</exception>
    public static IPerdureBuilder AddPerdureClient(this IServiceCollection services, string name, Action<PerdureOptions>? configure = null) => Add(services, Checked(name), configure, out _);

    private static PerdureBuilder AddWorker(IServiceCollection services, string? name, Action<PerdureOptions>? configure)
    {
        var builder = Add(services, name, configure, out var setup);
        if (setup.HasWorker) return builder;
        setup.HasWorker = true;
        // A key that is null is none.
        services.AddKeyedSingleton<IPerdurePump>(name, static (provider, key) => new Pump(provider.GetRequiredKeyedService<EngineHost>(key)));
        // AddHostedService would drop a second engine's service as a double of the first.
        services.AddSingleton<IHostedService>(provider => new PerdureHostedService(
            provider.GetRequiredKeyedService<EngineHost>(name), provider.GetService<IHostApplicationLifetime>()));
        return builder;
    }

    private static PerdureBuilder Add(IServiceCollection services, string? name, Action<PerdureOptions>? configure, out PerdureSetup setup)
    {
        ArgumentNullException.ThrowIfNull(services);
        if (PerdureSetup.Find(services, name) is { } existing) setup = existing;
        else
        {
            var made = setup = new PerdureSetup(name);
            services.AddKeyedSingleton(name, made);
            services.TryAddSingleton(TimeProvider.System);
            services.TryAddSingleton<IEntropy, SystemEntropy>();
            services.TryAddSingleton<IEngineScheduler, ThreadScheduler>();
            services.AddSingleton<IConfigureOptions<PerdureOptions>>(provider => new PerdureOptionsSetup(made, provider.GetService<IConfiguration>()));
            services.AddSingleton<IValidateOptions<PerdureOptions>>(provider => new PerdureOptionsSetup(made));
            services.AddOptions<PerdureOptions>(made.OptionsName).ValidateOnStart();
            services.AddKeyedSingleton(name, (provider, _) => new EngineHost(
                provider, made, provider.GetRequiredService<IOptionsMonitor<PerdureOptions>>().Get(made.OptionsName), provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<IEntropy>(), provider.GetRequiredService<IEngineScheduler>()));
            services.AddKeyedSingleton(name, static (provider, key) => provider.GetRequiredKeyedService<EngineHost>(key).Client);
        }
        if (configure is not null) services.Configure(setup.OptionsName, configure);
        return new PerdureBuilder(services, setup);
    }

    private static string Checked(string name)
    {
        OptionRules.CheckText("name", name, PerdureDefaults.MaxNameLength);
        return name;
    }
}
