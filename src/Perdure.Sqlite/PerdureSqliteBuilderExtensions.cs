using Microsoft.Extensions.Logging;
using Perdure.Sqlite;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Keeps an engine's runs in SQLite.</summary>
public static class PerdureSqliteBuilderExtensions
{
    /// <summary>Keeps runs in one SQLite file, which several processes of one machine may share.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="connectionString"><c>"Data Source=orders.db"</c>, or a bare path; see <see cref="SqliteStoreOptions(string)"/>.</param>
    /// <param name="configure">Sets further options; wins over the connection string.</param>
    /// <exception cref="ArgumentException">The connection string cannot be read, or an option has a value that it cannot have.</exception>
    /// <exception cref="Perdure.InvalidOptionException">A store is configured already.</exception>
    /// <example><code>services.AddPerdure().UseSqlite("Data Source=orders.db");</code></example>
    public static IPerdureBuilder UseSqlite(
        this IPerdureBuilder builder, string connectionString, Action<SqliteStoreOptions>? configure = null)
    {
        var options = new SqliteStoreOptions(connectionString);
        configure?.Invoke(options);
        options.Validate();
        return builder.UseStore("UseSqlite", services => new SqliteStore(
            options, services.GetRequiredService<TimeProvider>(), services.GetService<ILoggerFactory>()?.CreateLogger("Perdure.Sqlite")));
    }
}
