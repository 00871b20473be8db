using Microsoft.Extensions.DependencyInjection;

namespace Perdure.Processes.Worker;

/// <summary>The store that a test names: a file, or the connection string of a PostgreSQL database.</summary>
internal static class Stores
{
    public static IPerdureBuilder Use(this IPerdureBuilder builder, string database) =>
        database.StartsWith("Host=", StringComparison.Ordinal) ? builder.UsePostgreSql(database) : builder.UseSqlite($"Data Source={database}");
}
