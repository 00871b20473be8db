using Microsoft.Extensions.DependencyInjection;

namespace Perdure.Hosting;

/// <summary>The builder; all that it collects is in the services.</summary>
internal sealed class PerdureBuilder(IServiceCollection services, PerdureSetup setup) : IPerdureBuilder
{
    public IServiceCollection Services { get; } = services;

    public string? Name => setup.Name;

    public bool HasWorker => setup.HasWorker;
}
