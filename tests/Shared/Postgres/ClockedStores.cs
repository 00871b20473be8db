using System.Collections.Concurrent;
using Npgsql;
using Perdure.PostgreSql;
using Perdure.PostgreSql.Schema;
using Perdure.Storage;

namespace Perdure.Testing.Shared.Postgres;

/// <summary>Stores in one database, each in a schema of its own, whose clock is the test's: the function that tells the time asks the session.</summary>
internal static class ClockedStores
{
    private static readonly Lazy<PostgresDatabase> Database = new(CreateDatabase);
    private static int s_schemas;

    /// <summary>A name for a schema that nobody has used.</summary>
    public static string NewSchema() => "s" + Interlocked.Increment(ref s_schemas);

    public static PostgreSqlStore Create(string schema, TimeProvider clock, bool notifications = false)
    {
        var told = new ConcurrentDictionary<int, long>();
        return new(
            new NpgsqlConnectionStringBuilder(Database.Value.ConnectionString) { NoResetOnClose = true, MaxPoolSize = 4 },
            new PostgreSqlStoreOptions
            {
                Schema = schema, Notifications = notifications, LookLifetime = TimeSpan.Zero,
                OnOpened = async connection =>
                {
                    var now = Instant.From(clock.GetUtcNow()).Micros;
                    if (told.TryGetValue(connection.ProcessID, out var known) && known == now) return;
                    told[connection.ProcessID] = now;
                    using var set = new NpgsqlCommand("SELECT set_config('perdure.now', $1, false)", connection);
                    set.Parameters.Add(new NpgsqlParameter<string> { TypedValue = now.ToString() });
                    // Whoever renews a lease waits for this on the thread of its loop.
                    await set.ExecuteNonQueryAsync().ConfigureAwait(false);
                },
            },
            migrations: [.. Migrations.All.Select(Governed)]);
    }

    private static Migration Governed(Migration migration)
    {
        const string Real = "(extract(epoch FROM clock_timestamp()) * 1000000)::bigint";
        return migration with { Script = migration.Script.Replace(Real, "current_setting('perdure.now')::bigint", StringComparison.Ordinal) };
    }

    private static PostgresDatabase CreateDatabase()
    {
        var database = new PostgresDatabase();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => database.Dispose();
        return database;
    }
}
