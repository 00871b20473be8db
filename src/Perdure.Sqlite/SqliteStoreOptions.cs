namespace Perdure.Sqlite;

/// <summary>Where the database file is and how it is used. Read once, when the store is created; not thread safe.</summary>
public sealed class SqliteStoreOptions
{
    /// <summary>Creates options without a file; set <see cref="Path"/>.</summary>
    public SqliteStoreOptions() { }

    /// <summary>Creates options from <c>"Data Source=orders.db"</c> or from a bare path.</summary>
    /// <param name="connectionString">
    /// Pairs of keyword and value separated by semicolons. Keywords: <c>Data Source</c> (or <c>Filename</c>), <c>Synchronous</c>
    /// (<c>Full</c> or <c>Normal</c>), <c>Busy Timeout</c> (seconds; or <c>Default Timeout</c>), <c>Read Connections</c>. Text without an
    /// equals sign is taken as the path.
    /// </param>
    /// <exception cref="ArgumentException">A keyword is not known, a value cannot be read, or no file is named.</exception>
    public SqliteStoreOptions(string connectionString) => ConnectionString.Apply(connectionString, this);

    /// <summary>
    /// Path of the database file; relative to the current directory. It is created if it is missing, its directory is not.
    /// </summary>
    public string Path { get; set; } = "";

    /// <summary>What a commit waits for.</summary>
    /// <value>Default: <see cref="SqliteSynchronous.Full"/>.</value>
    public SqliteSynchronous Synchronous { get; set; } = SqliteSynchronous.Full;

    /// <summary>How long a command waits for another process that is writing before it fails as transient.</summary>
    /// <value>Default: 10 seconds. Must not be negative.</value>
    public TimeSpan BusyTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How many connections serve reads at the same time; they are opened when first needed.</summary>
    /// <value>Default: 4. From 1 to 64.</value>
    public int ReadConnections { get; set; } = 4;

    /// <summary>The log is moved into the database file whenever it holds this many pages of 4 KiB that a process wrote.</summary>
    internal int CheckpointPages { get; set; } = 1000;

    /// <summary>
    /// Pragmas for the write connection, by which tests provoke what is hard to provoke from outside (a full disk, a read-only file).
    /// </summary>
    internal string WriterPragmas { get; set; } = "";

    /// <summary>Throws unless every value can be used.</summary>
    internal void Validate()
    {
        if (string.IsNullOrWhiteSpace(Path))
            throw new ArgumentException("No database file is named. Set SqliteStoreOptions.Path, or use \"Data Source=orders.db\".");
        if (Path.Contains(":memory:", StringComparison.OrdinalIgnoreCase))
            throw new ArgumentException(
                "SQLite's own memory cannot be shared by connections and is lost at exit. Use the in-memory store, or name a file.");
        if (Synchronous is not (SqliteSynchronous.Full or SqliteSynchronous.Normal))
            throw new ArgumentException($"Synchronous is {(int)Synchronous}; it must be Full or Normal.");
        if (BusyTimeout < TimeSpan.Zero) throw new ArgumentException($"BusyTimeout is {BusyTimeout}; it must not be negative.");
        if (ReadConnections is < 1 or > 64) throw new ArgumentException($"ReadConnections is {ReadConnections}; it must be from 1 to 64.");
    }
}
