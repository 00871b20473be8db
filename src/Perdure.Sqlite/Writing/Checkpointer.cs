using Perdure.Sqlite.Native;

namespace Perdure.Sqlite.Writing;

/// <summary>
/// Moves the write-ahead log into the database file when it has grown. Runs while this process's write connection holds SQLite's write
/// lock, so no other connection can commit or start the log afresh meanwhile.
/// </summary>
/// <remarks>
/// <para>SQLite before 3.51.3 can damage a file when a checkpoint begins right after a complete one while another connection resets the
/// log. The held write lock rules that out, between threads and between processes, without a role that somebody would have to own.</para>
/// <para>The checkpoint itself is a passive one, from a connection of its own (a transaction cannot checkpoint itself). It never waits for
/// readers, and it leaves the log's file as it is: the next writer overwrites it from its beginning. TRUNCATE made a lone commit 1.6 times
/// as slow, because a file that grows again costs a write of its metadata at every commit.</para>
/// </remarks>
internal sealed class Checkpointer
{
    private const int PagesBetweenLooks = 64;
    private const int MillisecondsBetweenLooks = 1000;
    private static readonly Sql Passive = new("PRAGMA wal_checkpoint(PASSIVE)");

    private readonly string _path;
    private readonly string _log;
    private readonly int _pages;
    private readonly Health _health;
    private Connection? _connection;
    private int _written;
    private int _due;
    private int _lookAt = PagesBetweenLooks;
    private long _lookAfter;
    private long _length;

    public Checkpointer(string path, int pages, Health health)
    {
        (_path, _log, _pages, _health) = (path, path + "-wal", pages, health);
        (_due, _length) = (pages, 4096L * pages);
    }

    /// <summary>How many checkpoints have moved the whole log.</summary>
    public long Completed { get; private set; }

    /// <summary>Whether this process has written enough pages, or others have made the log grow.</summary>
    public bool IsDue(Connection writer)
    {
        _written += writer.TakePagesWritten();
        if (_written >= _due) return true;
        if (_written < _lookAt && Environment.TickCount64 < _lookAfter) return false;
        _lookAt = _written + PagesBetweenLooks;
        _lookAfter = Environment.TickCount64 + MillisecondsBetweenLooks;
        return Length() > _length;
    }

    /// <summary>Moves what can be moved. A failure harms nobody: the log stays complete, and the next due moment tries again.</summary>
    public void Run()
    {
        var complete = false;
        try
        {
            _connection ??= Connection.Open(_path, create: false, "PRAGMA synchronous=NORMAL;", _health);
            _connection.Action = "move the log into the database file";
            var checkpoint = _connection.Use(Passive);
            complete = checkpoint.Read() && checkpoint.Int32(0) == 0 && checkpoint.Int32(1) == checkpoint.Int32(2);
            checkpoint.Reset();
        }
        catch (StoreException e) when (e.Fault != StoreFault.Corrupt)
        {
            Close();
        }
        if (complete) Completed++;
        // A reader kept some of it in the log: try again soon, but not at every commit.
        _written = 0;
        _due = complete ? _pages : Math.Max(1, _pages / 4);
        _lookAt = PagesBetweenLooks;
        _length = Math.Max(Length(), 4096L * _pages);
    }

    public void Close()
    {
        _connection?.Dispose();
        _connection = null;
    }

    private long Length()
    {
        // Only asks for the length: opening the file itself and closing it again could drop SQLite's own locks.
        var file = new FileInfo(_log);
        return file.Exists ? file.Length : 0;
    }
}
