using System.Diagnostics;
using Perdure.Sqlite.Native;
using SQLitePCL;

namespace Perdure.Sqlite.Writing;

/// <summary>
/// The process's only write connection. One transaction at a time; every one is <c>BEGIN IMMEDIATE</c>, so that it never finds in its
/// middle that it may not write. Thread safe.
/// </summary>
internal sealed class Writer(SqliteStoreOptions options, string path, Health health, TimeProvider clock) : IDisposable
{
    private static readonly Sql BeginImmediate = new("BEGIN IMMEDIATE");
    private static readonly Sql CommitSql = new("COMMIT");
    private static readonly Sql RollbackSql = new("ROLLBACK");
    private static readonly Sql DataVersion = new("PRAGMA data_version");

    private readonly Lock _gate = new();
    private readonly WriterTurn _turn = new(path);
    private readonly Checkpointer _checkpointer = new(path, options.CheckpointPages, health);
    private Connection? _db;
    private bool _disposed;

    public string Path { get; } = path;

    /// <summary>Creates the file if it is missing.</summary>
    public bool MayCreate { get; set; }

    /// <summary>Begins a transaction; waits for other threads of the process, then for other processes.</summary>
    public WriteScope Begin(string action)
    {
        _gate.Enter();
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, typeof(SqliteStore));
            health.ThrowIfDamaged();
            var db = _db ??= Open();
            db.Action = action;
            _turn.GiveWay();
            BeginTransaction(db);
            if (_checkpointer.IsDue(db))
            {
                _checkpointer.Run();
                // This transaction began before the log was moved: only one that begins now can start the log afresh.
                db.Use(RollbackSql).Do();
                BeginTransaction(db);
            }
            return new WriteScope(this, db, Instant.From(clock.GetUtcNow()));
        }
        catch
        {
            End();
            throw;
        }
    }

    /// <summary>Commits the open transaction.</summary>
    internal void Commit()
    {
        var code = _db!.Use(CommitSql).Step();
        if (code == raw.SQLITE_DONE) return;
        throw _db.Fault(code, committing: true);
    }

    /// <summary>Ends the scope; rolls back what was not committed.</summary>
    internal void End()
    {
        try
        {
            if (_db is not { } db) return;
            if (db.InTransaction)
            {
                db.ResetAll();
                if (db.Use(RollbackSql).Step() != raw.SQLITE_DONE && db.InTransaction) db.IsSuspect = true;
            }
            if (db.IsSuspect) Close();
        }
        finally
        {
            _gate.Exit();
        }
    }

    /// <summary>
    /// A number that changes when another connection has committed, but not when this one has. Null while a transaction of this process is
    /// under way: asking is not worth waiting for.
    /// </summary>
    public long? TryReadDataVersion()
    {
        if (!_gate.TryEnter()) return null;
        try
        {
            if (_disposed || _db is not { IsSuspect: false } db) return null;
            db.Action = "look for changes";
            return db.Use(DataVersion).Scalar();
        }
        catch (StoreException)
        {
            return null;
        }
        finally
        {
            _gate.Exit();
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed) return;
            _disposed = true;
            Close();
        }
    }

    private Connection Open()
    {
        var db = Connection.Open(Path, create: MayCreate, Pragmas(options) + options.WriterPragmas, health);
        try
        {
            UseLog(db);
            // From here on the turn decides how to wait.
            db.SetBusyTimeout(TimeSpan.Zero);
            return db;
        }
        catch
        {
            db.Dispose();
            throw;
        }
    }

    /// <summary>Turns the write-ahead log on. SQLite does not wait by itself for others who do the same at this moment.</summary>
    private void UseLog(Connection db)
    {
        using var journal = db.Prepare("PRAGMA journal_mode=WAL");
        var waiting = Stopwatch.StartNew();
        while (true)
        {
            var code = raw.SQLITE_OK;
            try
            {
                var mode = journal.Read() ? journal.Text(0) : "";
                journal.Reset();
                if (mode == "wal") return;
                code = raw.SQLITE_BUSY;
            }
            catch (StoreException e) when (e.Fault == StoreFault.Transient)
            {
                code = raw.SQLITE_BUSY;
            }
            if (waiting.Elapsed > options.BusyTimeout) throw db.Fault(code);
            Thread.Sleep(1);
        }
    }

    private static string Pragmas(SqliteStoreOptions options) =>
        // The log's file is reused in place; the limit only cuts it back after a long reader had made it grow.
        "PRAGMA cache_size=-16384; PRAGMA journal_size_limit=16777216; " +
        (options.Synchronous == SqliteSynchronous.Full ? "PRAGMA synchronous=FULL;" : "PRAGMA synchronous=NORMAL;");

    private void BeginTransaction(Connection db)
    {
        var begin = db.Use(BeginImmediate);
        var code = begin.Step();
        if (code == raw.SQLITE_DONE) return;
        var waited = Stopwatch.StartNew();
        try
        {
            while (code is raw.SQLITE_BUSY or raw.SQLITE_LOCKED || (code & 0xFF) == raw.SQLITE_BUSY)
            {
                if (waited.Elapsed > options.BusyTimeout) throw db.Fault(code);
                _turn.Wait();
                code = begin.Step();
            }
        }
        finally
        {
            _turn.StopWaiting();
        }
        if (code != raw.SQLITE_DONE) throw db.Fault(code);
    }

    private void Close()
    {
        _checkpointer.Close();
        _db?.Dispose();
        _db = null;
    }
}
