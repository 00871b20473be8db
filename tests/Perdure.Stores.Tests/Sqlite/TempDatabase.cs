using Perdure.Sqlite;
using Perdure.Sqlite.Native;

namespace Perdure.Stores.Tests.Sqlite;

/// <summary>A database file in a directory of its own, gone after the test.</summary>
internal sealed class TempDatabase : IDisposable
{
    public TempDatabase() => Directory.CreateDirectory(Folder);

    public string Folder { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), "perdure-" + Guid.NewGuid().ToString("N"));

    public string Path => System.IO.Path.Combine(Folder, "test.db");

    public long LogLength => new FileInfo(Path + "-wal") is { Exists: true } log ? log.Length : 0;

    /// <summary>Opens the file and brings its schema up to date.</summary>
    public async Task<SqliteStore> OpenAsync(TimeProvider? clock = null, Action<SqliteStoreOptions>? configure = null)
    {
        var store = Create(clock, configure);
        await store.InitializeAsync(migrate: true, CancellationToken.None);
        return store;
    }

    public SqliteStore Create(TimeProvider? clock = null, Action<SqliteStoreOptions>? configure = null)
    {
        var options = new SqliteStoreOptions($"Data Source={Path}");
        configure?.Invoke(options);
        return new SqliteStore(options, clock ?? TimeProvider.System);
    }

    /// <summary>A bare connection, as another program would have one.</summary>
    public Connection Connect() => Connection.Open(Path, create: false, pragmas: "", new Health());

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
