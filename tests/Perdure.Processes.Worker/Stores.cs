using Microsoft.Extensions.DependencyInjection;

namespace Perdure.Processes.Worker;

/// <summary>The store that a test names: a file, or the connection string of a PostgreSQL database, perhaps behind a pooler.</summary>
internal static class Stores
{
    private static readonly bool IsPooled = Environment.GetEnvironmentVariable("PERDURE_TEST_POOLED") == "1";

    public static IPerdureBuilder Use(this IPerdureBuilder builder, string database)
    {
        builder.Services.Configure<PerdureOptions>(static options => options.AutoMigrate = true);
        return database.StartsWith("Host=", StringComparison.Ordinal)
            ? builder.UsePostgreSql(database, configure: static options => options.Pooled = IsPooled)
            : builder.UseSqlite($"Data Source={database}");
    }
}
