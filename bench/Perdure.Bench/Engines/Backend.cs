using Perdure.Bench.Command;
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
        _ => "null",
    };

    public static Backend Parse(string text) => text switch
    {
        "memory" => Backend.Memory,
        "sqlite" => Backend.Sqlite,
        "null" => Backend.Null,
        _ => throw new UsageException($"'{text}' is no store; there are memory, sqlite and null."),
    };

    /// <summary>Starts an engine on a new store.</summary>
    public static async Task<IBenchEngine> StartEngineAsync(this Backend backend, string path)
    {
        if (backend != Backend.Null) return await BenchEngine.StartAsync(backend, path);
        var engine = new NullEngine();
        await engine.StartAsync();
        return engine;
    }

    public static IPerdureStore Open(this Backend backend, string path) => backend switch
    {
        Backend.Memory => new MemoryStore(TimeProvider.System),
        Backend.Sqlite => new SqliteStore(new SqliteStoreOptions { Path = path }, TimeProvider.System),
        _ => new NullStore(),
    };
}
