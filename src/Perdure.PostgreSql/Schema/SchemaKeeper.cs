using System.Globalization;
using System.Text;
using Npgsql;
using Perdure.PostgreSql.Access;

namespace Perdure.PostgreSql.Schema;

/// <summary>
/// Brings the schema up to date, or says why it cannot be used. Safe with any number of processes that start at once. A newer build may migrate while this one works: it goes on if the steps
/// let it.
/// </summary>
internal sealed class SchemaKeeper(Database database, IReadOnlyList<Migration> migrations)
{
    internal const string CreateVersions = """
        CREATE TABLE IF NOT EXISTS {schema}.schema_version(version integer PRIMARY KEY, name text NOT NULL, applied_at timestamptz NOT NULL DEFAULT clock_timestamp())
        """;

    internal const string UpdateThis = "Update the Perdure.PostgreSql package of this process.";

    private readonly string _createVersions = database.Sql(CreateVersions);
    private readonly string _version = database.Sql("SELECT coalesce(max(version), 0) FROM {schema}.schema_version");

    private readonly string _oldest = database.Sql("SELECT coalesce(max(coalesce(oldest, version)), 0) FROM {schema}.schema_version WHERE version > ");

    /// <summary>The version of this build.</summary>
    public int Newest => migrations[^1].Version;

    /// <summary>
    /// Checks the version and, with <paramref name="migrate"/>, applies the missing steps: one transaction each, but all in one where nothing stands yet. Answers the version of
    /// the server, and that of the schema: newer than <see cref="Newest"/> if it lets this build work on it.
    /// </summary>
    public async Task<(string Server, int Schema)> BringAsync(bool migrate, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await database.OpenAsync(cancellationToken);
            while (true)
            {
                var version = await VersionAsync(connection, cancellationToken);
                if (version >= Newest)
                {
                    if (version > Newest) await CheckAsync(connection, version, cancellationToken);
                    return (connection.PostgreSqlVersion.ToString(), version);
                }
                if (!migrate) throw Missing(version);
                await ApplyAsync(connection, cancellationToken);
            }
        }
        catch (Exception e) when (e is not StoreException && Database.IsFailure(e, cancellationToken))
        {
            // Every step is applied once, whoever asks for it: to repeat is always right.
            throw database.Fail(e, "migrate the schema", sent: false);
        }
    }

    /// <summary>Applies what comes next under a lock that lasts as long as its transaction; somebody else may have been faster.</summary>
    private async Task ApplyAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ScalarAsync(connection, "SELECT pg_advisory_xact_lock(hashtextextended('perdure schema ' || $1, 0))", cancellationToken, database.Schema);
        if (await ScalarAsync(connection, "SELECT 1 FROM pg_namespace WHERE nspname = $1", cancellationToken, database.Schema) is null)
            await ExecuteAsync(connection, database.Sql("CREATE SCHEMA {schema}"), cancellationToken);
        await ExecuteAsync(connection, _createVersions, cancellationToken);
        var version = await VersionAsync(connection, cancellationToken);
        var missing = migrations.Where(migration => migration.Version > version).OrderBy(static migration => migration.Version);
        // The bodies of functions are the build's own, and tests call all of them: the server need not read each of them now.
        var script = new StringBuilder("SET LOCAL check_function_bodies = off;\n");
        foreach (var migration in version == 0 ? missing : missing.Take(1))
        {
            migration.AddTo(script);
            // Somebody who works at this moment may be too old from here on: whoever is not registers anew. Where the function is not there yet, nobody asks who may work either.
            if (version >= Migration.FirstThatSaysOldest && migration.Oldest > version) script.Append("SELECT {schema}.shut_out_workers();\n");
        }
        await ExecuteAsync(connection, database.Sql(script.ToString()), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private async Task CheckAsync(NpgsqlConnection connection, int version, CancellationToken cancellationToken)
    {
        var oldest = Newest < Migration.FirstThatSaysOldest ? version
            : (int)(await ScalarAsync(connection, _oldest + Newest.ToString(CultureInfo.InvariantCulture), cancellationToken))!;
        if (oldest <= Newest) return;
        throw new StoreException(StoreFault.Schema,
            $"{database.Place} has schema version {version}, which builds may work on that know version {oldest}, but this build knows versions up to {Newest}: a newer build has migrated it. " +
            UpdateThis);
    }

    private StoreException Missing(int version) => new(StoreFault.Schema,
        (version == 0 ? $"{database.Place} holds no Perdure schema" : $"{database.Place} has schema version {version}") +
        $", but this build needs version {Newest} and was told not to migrate. Run perdure db migrate --db \"postgres://owner@host/database\" --schema {database.Schema}, " +
        "or switch AutoMigrate on; by default it is on in the Development environment only.");

    private async Task<int> VersionAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var exists = await ScalarAsync(connection, "SELECT to_regclass($1)::text", cancellationToken, SchemaName.Quote(database.Schema) + ".schema_version");
        return exists is null or DBNull ? 0 : (int)(await ScalarAsync(connection, _version, cancellationToken))!;
    }

    private static async Task<object?> ScalarAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken, string? parameter = null)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        if (parameter is not null) command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = parameter });
        return await command.ExecuteScalarAsync(cancellationToken);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
