using Npgsql;
using Perdure.Testing.Shared.Postgres;

namespace Perdure.Bench.Engines;

/// <summary>A server of this process, with fsync on, for all cases on PostgreSQL; started when the first of them needs it.</summary>
internal sealed class PostgresHost : IDisposable
{
    private PostgresServer? _server;
    private int _databases;

    /// <summary>Creates an empty database and answers how to reach it.</summary>
    public string NewDatabase()
    {
        if (_server is null)
        {
            _server = PostgresServer.Start(PostgresPrograms.Find() ?? throw new InvalidOperationException(
                "There is no PostgreSQL on this machine. Install it (Debian: apt-get install postgresql)."), durable: true);
            ServerUse.Watch(Query(Connection("postgres"), "SELECT split_part(pg_read_file('postmaster.pid'), E'\\n', 1)::bigint"));
        }
        var name = $"bench_{++_databases}";
        _server.Execute($"CREATE DATABASE {name}");
        return Connection(name);
    }

    /// <summary>Removes a database.</summary>
    public void Drop(string connectionString)
    {
        NpgsqlConnection.ClearAllPools();
        _server?.Execute($"DROP DATABASE IF EXISTS {new NpgsqlConnectionStringBuilder(connectionString).Database} WITH (FORCE)");
    }

    public void Dispose() => _server?.Dispose();

    /// <summary>One number from a database.</summary>
    public static long Query(string connectionString, string sql)
    {
        using var connection = new NpgsqlConnection(connectionString);
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        return (long)command.ExecuteScalar()!;
    }

    /// <summary>Does at once what the server does by itself in the minutes after many rows were written.</summary>
    public static void Vacuum(string connectionString)
    {
        using var connection = new NpgsqlConnection(connectionString);
        connection.Open();
        using var command = new NpgsqlCommand("VACUUM ANALYZE", connection) { CommandTimeout = 0 };
        command.ExecuteNonQuery();
    }

    /// <summary>What the tables of the engine take with their indexes.</summary>
    public static IReadOnlyList<(string Table, long Bytes)> Sizes(string connectionString)
    {
        using var connection = new NpgsqlConnection(connectionString);
        connection.Open();
        using var command = new NpgsqlCommand("SELECT relname, pg_total_relation_size(oid) FROM pg_class WHERE relnamespace = 'perdure'::regnamespace AND relkind = 'r' ORDER BY 1", connection);
        using var rows = command.ExecuteReader();
        var sizes = new List<(string, long)>();
        while (rows.Read()) sizes.Add((rows.GetString(0), rows.GetInt64(1)));
        return sizes;
    }

    private string Connection(string database) => _server!.ConnectionString(database);
}
