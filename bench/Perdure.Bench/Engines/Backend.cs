using Perdure.Bench.Command;
using Perdure.Files;
using Perdure.PostgreSql;
using Perdure.Sqlite;
using Perdure.Storage;
using Perdure.Storage.Memory;

namespace Perdure.Bench.Engines;

/// <summary>What the engine stands on.</summary>
internal enum Backend
{
    /// <summary>Keeps runs in this process only.</summary>
    Memory,
    /// <summary>A file, every acknowledged commit fsynced.</summary>
    Sqlite,
    /// <summary>A folder of documents, every acknowledged commit fsynced.</summary>
    File,
    /// <summary>A private server on this machine, every acknowledged commit fsynced.</summary>
    Postgres,
    /// <summary>Acknowledges everything and keeps nothing: what is left is the engine's own cost.</summary>
    Null,
}

/// <summary>Names and stores of backends.</summary>
internal static class Backends
{
    public static string Text(this Backend backend) => backend switch
    {
        Backend.Memory => "memory",
        Backend.Sqlite => "sqlite",
        Backend.File => "file",
        Backend.Postgres => "postgres",
        _ => "null",
    };

    public static Backend Parse(string text) => text switch
    {
        "memory" => Backend.Memory,
        "sqlite" => Backend.Sqlite,
        "file" => Backend.File,
        "postgres" => Backend.Postgres,
        "null" => Backend.Null,
        _ => throw new UsageException($"'{text}' is no store; there are memory, sqlite, file, postgres and null."),
    };

    /// <summary>Starts an engine on a new store.</summary>
    public static async Task<IBenchEngine> StartEngineAsync(this Place place)
    {
        if (place.Backend != Backend.Null) return await BenchEngine.StartAsync(place);
        var engine = new NullEngine();
        await engine.StartAsync();
        return engine;
    }

    public static IPerdureStore Open(this Place place) => place.Backend switch
    {
        Backend.Memory => new MemoryStore(TimeProvider.System),
        Backend.Sqlite => new SqliteStore(new SqliteStoreOptions { Path = place.Address }, TimeProvider.System),
        Backend.File => new FileStore(new FileStoreOptions(place.Address), TimeProvider.System),
        Backend.Postgres => new PostgreSqlStore(place.Address),
        _ => new NullStore(),
    };
}
