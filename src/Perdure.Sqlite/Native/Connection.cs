using SQLitePCL;

namespace Perdure.Sqlite.Native;

/// <summary>One connection with its prepared statements. Used by one thread at a time, which its owner sees to.</summary>
internal sealed class Connection : IDisposable
{
    private const int OpeningTimeout = 10_000;

    // Checkpoints are the store's own business, on every connection: see Checkpointer.
    private const string Pragmas = "PRAGMA wal_autocheckpoint=0; PRAGMA mmap_size=0; PRAGMA foreign_keys=OFF; PRAGMA temp_store=MEMORY;";

    private readonly sqlite3 _db;
    private Statement?[] _statements = new Statement?[64];

    private readonly Health _health;

    private Connection(sqlite3 db, string path, Health health)
    {
        _db = db;
        Path = path;
        _health = health;
    }

    public string Path { get; }

    /// <summary>What is being done, for the message of a failure: "commit a group".</summary>
    public string Action { get; set; } = "open the database";

    /// <summary>Rows changed by the last statement.</summary>
    public int Changes => raw.sqlite3_changes(_db);

    /// <summary>Whether something went wrong after which the connection should be closed and opened again.</summary>
    public bool IsSuspect { get; set; }

    public bool InTransaction => raw.sqlite3_get_autocommit(_db) == 0;

    /// <summary>Pages that this connection has written to the log since the last call.</summary>
    public int TakePagesWritten()
    {
        _ = raw.sqlite3_db_status(_db, raw.SQLITE_DBSTATUS_CACHE_WRITE, out var pages, out _, 1);
        return pages;
    }

    /// <summary>Opens <paramref name="path"/> for one thread at a time.</summary>
    public static Connection Open(string path, bool create, string pragmas, Health health)
    {
        if (!create && !File.Exists(path))
            throw new StoreException(StoreFault.Schema,
                $"{path} does not exist. Call InitializeAsync with migrate = true, which creates it, or check SqliteStoreOptions.Path.");
        NativeLibrary.EnsureUsable();
        var flags = raw.SQLITE_OPEN_NOMUTEX | raw.SQLITE_OPEN_READWRITE | (create ? raw.SQLITE_OPEN_CREATE : 0);
        var code = raw.sqlite3_open_v2(path, out var db, flags, null);
        var connection = new Connection(db, path, health);
        try
        {
            if (code != raw.SQLITE_OK) throw connection.Fault(code);
            _ = raw.sqlite3_extended_result_codes(db, 1);
            // Until the owner says otherwise: even the first look into a file must wait for one who is just turning its log on.
            _ = raw.sqlite3_busy_timeout(db, OpeningTimeout);
            connection.Execute(Pragmas + pragmas);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>The prepared statement of <paramref name="sql"/>.</summary>
    public Statement Use(Sql sql)
    {
        var statements = _statements;
        if (sql.Slot < statements.Length && statements[sql.Slot] is { } prepared) return prepared;
        if (sql.Slot >= statements.Length) Array.Resize(ref _statements, Math.Max(statements.Length * 2, sql.Slot + 1));
        return _statements[sql.Slot] = Prepare(sql.Text);
    }

    /// <summary>Prepares a statement that the caller disposes.</summary>
    public Statement Prepare(string text)
    {
        var code = raw.sqlite3_prepare_v2(_db, text, out var handle);
        return code == raw.SQLITE_OK ? new Statement(this, handle) : throw Fault(code);
    }

    /// <summary>Executes constant statements that are needed once.</summary>
    public void Execute(string script)
    {
        var code = raw.sqlite3_exec(_db, script);
        if (code != raw.SQLITE_OK) throw Fault(code);
    }

    public void SetBusyTimeout(TimeSpan timeout) =>
        _ = raw.sqlite3_busy_timeout(_db, (int)Math.Min(timeout.TotalMilliseconds, int.MaxValue));

    /// <summary>The exception for a failed call.</summary>
    public StoreException Fault(int code, bool committing = false)
    {
        if ((code & 0xFF) is raw.SQLITE_IOERR or raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB) IsSuspect = true;
        var fault = Faults.Create(code, raw.sqlite3_errmsg(_db).utf8_to_string() ?? "", Action, Path, committing);
        _health.Report(fault);
        return fault;
    }

    /// <summary>Ends every statement, so that none holds a snapshot after a failure.</summary>
    public void ResetAll()
    {
        foreach (var statement in _statements) statement?.Reset();
    }

    public void Dispose()
    {
        foreach (var statement in _statements) statement?.Dispose();
        _statements = [];
        _ = raw.sqlite3_close_v2(_db);
        _db.Dispose();
    }
}
