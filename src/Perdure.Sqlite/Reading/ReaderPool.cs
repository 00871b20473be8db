using System.Collections.Concurrent;
using Perdure.Sqlite.Native;

namespace Perdure.Sqlite.Reading;

/// <summary>
/// A few connections that only read. One is lent for one call, inside one read transaction, and none holds a snapshot between calls: that
/// would keep the log from being reused. Thread safe.
/// </summary>
internal sealed class ReaderPool(SqliteStoreOptions options, string path, Health health) : IDisposable
{
    private static readonly Sql Begin = new("BEGIN");
    private static readonly Sql Rollback = new("ROLLBACK");

    private readonly ConcurrentBag<Connection> _idle = [];
    private readonly SemaphoreSlim _free = new(options.ReadConnections, options.ReadConnections);
    private volatile bool _disposed;

    /// <summary>Lends a connection and begins a snapshot; waits while all are lent.</summary>
    public ReadScope Rent(string action)
    {
        ObjectDisposedException.ThrowIf(_disposed, typeof(SqliteStore));
        _free.Wait();
        Connection? db = null;
        try
        {
            db = _idle.TryTake(out var idle) ? idle : Open();
            db.Action = action;
            db.Use(Begin).Do();
            return new ReadScope(this, db);
        }
        catch
        {
            db?.Dispose();
            _free.Release();
            throw;
        }
    }

    internal void Return(Connection db)
    {
        db.ResetAll();
        if (_disposed || db.IsSuspect || db.Use(Rollback).Step() != SQLitePCL.raw.SQLITE_DONE) db.Dispose();
        else _idle.Add(db);
        _free.Release();
        if (_disposed) DropIdle();
    }

    /// <summary>Closes idle connections; lent ones are closed when they come back.</summary>
    public void Dispose()
    {
        _disposed = true;
        DropIdle();
    }

    private Connection Open()
    {
        var db = Connection.Open(path, create: false, "PRAGMA query_only=ON;", health);
        db.SetBusyTimeout(options.BusyTimeout);
        return db;
    }

    private void DropIdle()
    {
        while (_idle.TryTake(out var db)) db.Dispose();
    }
}
