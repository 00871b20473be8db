using Microsoft.Extensions.DependencyInjection;
using Perdure.Cli.Hosting;

namespace Perdure.Cli.Databases;

/// <summary>A client over a store, for the life of one command.</summary>
internal sealed class ClientSession : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private ClientSession(ServiceProvider services) => _services = services;

    public IPerdureClient Client => _services.GetRequiredService<IPerdureClient>();

    /// <param name="database">The store.</param>
    /// <param name="migrate">Whether it may be created, or brought up to date.</param>
    /// <param name="code">Workflows that the client is to know; null for none.</param>
    public static ClientSession Open(Database database, bool migrate, WorkflowAssembly? code)
    {
        var services = new ServiceCollection();
        if (code is not null) services.AddLogging();
        var client = services.AddPerdureClient(options => options.AutoMigrate = migrate);
        database.Use(client);
        code?.Register(client);
        return new ClientSession(services.BuildServiceProvider());
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
