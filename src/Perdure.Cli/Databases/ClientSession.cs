using Microsoft.Extensions.DependencyInjection;

namespace Perdure.Cli.Databases;

/// <summary>A client over a store, for the life of one command.</summary>
internal sealed class ClientSession : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private ClientSession(ServiceProvider services) => _services = services;

    public IPerdureClient Client => _services.GetRequiredService<IPerdureClient>();

    public static ClientSession Open(Database database, bool migrate)
    {
        var services = new ServiceCollection();
        database.Use(services.AddPerdureClient(options => options.AutoMigrate = migrate));
        return new ClientSession(services.BuildServiceProvider());
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
