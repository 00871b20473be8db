using Npgsql;

namespace Perdure.Testing.Shared.Postgres;

/// <summary>A database of the shared server, gone after the test.</summary>
internal sealed class PostgresDatabase : IDisposable
{
    public PostgresDatabase() => TestPostgres.Execute($"CREATE DATABASE {Name}");

    public string Name { get; } = "perdure_" + Guid.NewGuid().ToString("N")[..16];

    public string ConnectionString => TestPostgres.ConnectionString(Name);

    /// <summary>Runs a statement in it.</summary>
    public void Execute(string sql) => TestPostgres.Execute(sql, Name);

    public void Dispose()
    {
        NpgsqlConnection.ClearAllPools();
        TestPostgres.Execute($"DROP DATABASE IF EXISTS {Name} WITH (FORCE)");
    }
}
