using Microsoft.Extensions.Logging;
using Npgsql;
using Perdure.PostgreSql;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Keeps an engine's runs in PostgreSQL.</summary>
public static class PerdurePostgreSqlBuilderExtensions
{
    /// <summary>Keeps runs in a PostgreSQL database, which any number of processes may share.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="connectionString">
    /// <c>"Host=db;Database=orders;Username=perdure_worker;Password=…"</c>, with every keyword that Npgsql knows. The store makes a pool of its own.
    /// </param>
    /// <param name="schema">Schema of the store's tables; see <see cref="PostgreSqlStoreOptions.Schema"/>.</param>
    /// <param name="configure">Sets further options; wins over <paramref name="schema"/>.</param>
    /// <exception cref="ArgumentException">The connection string cannot be read, or an option has a value that it cannot have.</exception>
    /// <exception cref="Perdure.InvalidOptionException">A store is configured already.</exception>
    /// <example><code>services.AddPerdure().UsePostgreSql("Host=localhost;Database=orders;Username=app");</code></example>
    public static IPerdureBuilder UsePostgreSql(
        this IPerdureBuilder builder, string connectionString, string? schema = null, Action<PostgreSqlStoreOptions>? configure = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(connectionString);
        var options = Options(schema, configure);
        // What cannot be read is told here, and not at the first call.
        var parts = PostgreSqlStore.Parse(connectionString, options);
        return builder.UseStore("UsePostgreSql", services => new PostgreSqlStore(parts, options, LoggerOf(services)));
    }

    /// <summary>Keeps runs in the PostgreSQL database of a data source of the application's own, which is not disposed with the store.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="source">The data source. Its pool needs at least two connections; one of them listens for other processes.</param>
    /// <param name="schema">Schema of the store's tables; see <see cref="PostgreSqlStoreOptions.Schema"/>.</param>
    /// <param name="configure">Sets further options; wins over <paramref name="schema"/>.</param>
    /// <exception cref="ArgumentException">An option has a value that it cannot have, or the pool is too small.</exception>
    /// <exception cref="Perdure.InvalidOptionException">A store is configured already.</exception>
    public static IPerdureBuilder UsePostgreSql(
        this IPerdureBuilder builder, NpgsqlDataSource source, string? schema = null, Action<PostgreSqlStoreOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        var options = Options(schema, configure);
        return builder.UseStore("UsePostgreSql", services => new PostgreSqlStore(source, options, LoggerOf(services)));
    }

    private static PostgreSqlStoreOptions Options(string? schema, Action<PostgreSqlStoreOptions>? configure)
    {
        var options = new PostgreSqlStoreOptions();
        if (schema is not null) options.Schema = schema;
        configure?.Invoke(options);
        options.Validate();
        return options;
    }

    private static ILogger? LoggerOf(IServiceProvider services) => services.GetService<ILoggerFactory>()?.CreateLogger("Perdure.PostgreSql");
}
