using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;
using Perdure.Storage;
using Perdure.Testing.Shared.Postgres;
using Perdure.Tests.Engine;

namespace Perdure.Tests.Hosting;

/// <summary>Who makes the schema when nobody has said it.</summary>
public sealed class AutoMigrateTests
{
    [PostgresFact]
    public async Task OnPostgreSql_OnlyDevelopmentMigratesUnasked_AndWhatWasSaidWins()
    {
        using var database = new PostgresDatabase();
        foreach (var (environment, said) in new (string?, bool?)[] { (null, null), ("Production", null), ("Staging", null), ("Development", false) })
        {
            var error = await Assert.ThrowsAsync<StoreException>(() => StartAsync(database, environment, said));
            Assert.Equal("PERD1306", error.Code);
            Assert.Contains("perdure db migrate --db", error.Message, StringComparison.Ordinal);
            Assert.Contains("AutoMigrate", error.Message, StringComparison.Ordinal);
        }
        await StartAsync(database, "Development", said: null);
        // Once it is there, nobody needs to be allowed.
        await StartAsync(database, "Production", said: null);

        using var another = new PostgresDatabase();
        await StartAsync(another, "Production", said: true);
    }

    private static async Task StartAsync(PostgresDatabase database, string? environment, bool? said)
    {
        var services = new ServiceCollection();
        if (environment is not null) services.AddSingleton<IHostEnvironment>(new HostingEnvironment { EnvironmentName = environment });
        services.AddPerdure(options => options.AutoMigrate = said).UsePostgreSql(database.ConnectionString);
        await using var provider = services.BuildServiceProvider();
        await using var engine = await PerdureEngine.StartAsync(provider).Soon();
    }
}
