using Perdure.Hosting;
using Perdure.Storage;
using Perdure.Storage.Memory;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Says where an engine keeps its runs.</summary>
public static class PerdureBuilderStoreExtensions
{
    /// <summary>Keeps runs in the memory of this process: for tests and for trying things out. Nothing survives the process.</summary>
    /// <param name="builder">The builder.</param>
    /// <exception cref="Perdure.InvalidOptionException">A store is configured already.</exception>
    public static IPerdureBuilder UseInMemory(this IPerdureBuilder builder) =>
        builder.UseStore("UseInMemory", static services => new MemoryStore(services.GetRequiredService<TimeProvider>()));

    /// <summary>Keeps runs in a store of one's own.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="factory">Makes the store, once. The engine disposes it.</param>
    /// <exception cref="Perdure.InvalidOptionException">A store is configured already.</exception>
    public static IPerdureBuilder UseStore(this IPerdureBuilder builder, Func<IServiceProvider, IPerdureStore> factory) => builder.UseStore("UseStore", factory);

    /// <summary>For the stores' own packages: as <see cref="UseStore(IPerdureBuilder, Func{IServiceProvider, IPerdureStore})"/>, with the name that an error shows.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="name">The method that the user called.</param>
    /// <param name="factory">Makes the store, once. The engine disposes it.</param>
    /// <exception cref="Perdure.InvalidOptionException">A store is configured already.</exception>
    public static IPerdureBuilder UseStore(this IPerdureBuilder builder, string name, Func<IServiceProvider, IPerdureStore> factory)
    {
        PerdureSetup.Of(builder).UseStore(name, factory);
        return builder;
    }
}
