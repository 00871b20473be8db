using Perdure.PostgreSql;
using Perdure.Testing.Shared.Postgres;

namespace Perdure.Stores.Tests.PostgreSql;

/// <summary>A database for stores as applications have them: with the server's own clock, with notifications, and with the pool that the test wants.</summary>
internal sealed class TestDatabase : IDisposable
{
    private readonly PostgresDatabase _database = new();

    public string Name => _database.Name;

    public string ConnectionString => _database.ConnectionString;

    /// <summary>Opens a store and brings its schema up to date.</summary>
    public async Task<PostgreSqlStore> OpenAsync(Action<PostgreSqlStoreOptions>? configure = null, int pool = 10, string keywords = "")
    {
        var store = Create(configure, pool, keywords);
        await store.InitializeAsync(migrate: true, CancellationToken.None);
        return store;
    }

    public PostgreSqlStore Create(Action<PostgreSqlStoreOptions>? configure = null, int pool = 10, string keywords = "")
    {
        var options = new PostgreSqlStoreOptions();
        configure?.Invoke(options);
        return new PostgreSqlStore($"{ConnectionString};Maximum Pool Size={pool};{keywords}", options);
    }

    /// <summary>Runs a statement as another program would.</summary>
    public void Execute(string sql) => _database.Execute(sql);

    /// <summary>Breaks the connections whose last statement contains <paramref name="text"/>; all when it is empty.</summary>
    public void Break(string text = "") =>
        TestPostgres.Execute($"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{Name}' AND pid <> pg_backend_pid() AND query LIKE '%{text}%'");

    public void Dispose() => _database.Dispose();
}
