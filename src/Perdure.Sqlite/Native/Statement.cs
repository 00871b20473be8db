using System.Text;
using SQLitePCL;

namespace Perdure.Sqlite.Native;

/// <summary>
/// A prepared statement: bind every parameter, then <see cref="Run"/> it or <see cref="Read"/> its rows. It resets itself when it is done;
/// a read that stops early must be <see cref="Reset"/>. Used by one thread at a time.
/// </summary>
internal sealed class Statement(Connection connection, sqlite3_stmt handle) : IDisposable
{
    private const int OnStack = 256;

    private readonly BoundValues _bound = new();

    // ---- parameters, numbered from 1 -----------------------------------------------------------------------------------------

    public Statement Bind(int index, long value) =>
        _bound.Replaces(index, value) ? Bound(index, raw.sqlite3_bind_int64(handle, index, value)) : this;

    public Statement Bind(int index, string? value)
    {
        if (value is null) return BindNull(index);
        if (!_bound.Replaces(index, value)) return this;
        var most = Encoding.UTF8.GetMaxByteCount(value.Length);
        var bytes = most <= OnStack ? stackalloc byte[OnStack] : new byte[most];
        return Bound(index, BindUtf8(index, bytes[..Encoding.UTF8.GetBytes(value, bytes)]));
    }

    /// <summary>Binds text that is UTF-8 already.</summary>
    public Statement BindText(int index, ReadOnlySpan<byte> utf8)
    {
        _bound.Forget(index);
        return Bound(index, BindUtf8(index, utf8));
    }

    /// <summary>Binds bytes; none at all are stored as NULL.</summary>
    public Statement Bind(int index, ReadOnlyMemory<byte> value) => Bind(index, value.Span);

    /// <inheritdoc cref="Bind(int, ReadOnlyMemory{byte})"/>
    public Statement Bind(int index, ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty) return BindNull(index);
        _bound.Forget(index);
        return Bound(index, raw.sqlite3_bind_blob(handle, index, value));
    }

    /// <summary>Binds an instant that is usually absent: never is stored as NULL, which takes no room.</summary>
    public Statement BindUnlessNever(int index, Instant value) => value.IsNever ? BindNull(index) : Bind(index, value.Micros);

    public Statement BindOrNull(int index, long? value) => value is { } known ? Bind(index, known) : BindNull(index);

    public Statement BindNull(int index) => _bound.ReplacesByNull(index) ? Bound(index, raw.sqlite3_bind_null(handle, index)) : this;

    private Statement Bound(int index, int code)
    {
        if (code == raw.SQLITE_OK) return this;
        _bound.Forget(index);
        throw connection.Fault(code);
    }

    // An empty span has no address, and SQLite takes text without an address for NULL.
    private int BindUtf8(int index, ReadOnlySpan<byte> utf8) =>
        utf8.IsEmpty ? raw.sqlite3_bind_text(handle, index, "") : raw.sqlite3_bind_text(handle, index, utf8);

    // ---- execution -----------------------------------------------------------------------------------------------------------

    /// <summary>Executes a statement that returns no rows and answers how many it changed.</summary>
    public int Run()
    {
        var code = raw.sqlite3_step(handle);
        _ = raw.sqlite3_reset(handle);
        if (code != raw.SQLITE_DONE) throw connection.Fault(code);
        return connection.Changes;
    }

    /// <summary>As <see cref="Run"/>, for callers that do not need the count.</summary>
    public void Do()
    {
        var code = raw.sqlite3_step(handle);
        _ = raw.sqlite3_reset(handle);
        if (code != raw.SQLITE_DONE) throw connection.Fault(code);
    }

    /// <summary>Executes an insert; false when a unique key is taken already.</summary>
    public bool TryInsert()
    {
        var code = raw.sqlite3_step(handle);
        _ = raw.sqlite3_reset(handle);
        if (code == raw.SQLITE_DONE) return true;
        return code is raw.SQLITE_CONSTRAINT_UNIQUE or raw.SQLITE_CONSTRAINT_PRIMARYKEY or raw.SQLITE_CONSTRAINT_ROWID
            ? false
            : throw connection.Fault(code);
    }

    /// <summary>Executes and answers SQLite's result code, for those who must tell the codes apart.</summary>
    public int Step()
    {
        var code = raw.sqlite3_step(handle);
        _ = raw.sqlite3_reset(handle);
        return code;
    }

    /// <summary>Moves to the next row; false behind the last one.</summary>
    public bool Read()
    {
        var code = raw.sqlite3_step(handle);
        if (code == raw.SQLITE_ROW) return true;
        _ = raw.sqlite3_reset(handle);
        return code == raw.SQLITE_DONE ? false : throw connection.Fault(code);
    }

    /// <summary>Reads one row's first column and forgets the rest; <paramref name="otherwise"/> if there is no row.</summary>
    public long Scalar(long otherwise = 0)
    {
        if (!Read()) return otherwise;
        var value = Int64(0);
        Reset();
        return value;
    }

    public void Reset() => _ = raw.sqlite3_reset(handle);

    // ---- columns of the current row, numbered from 0 -----------------------------------------------------------------------------

    public long Int64(int column) => raw.sqlite3_column_int64(handle, column);

    public int Int32(int column) => raw.sqlite3_column_int(handle, column);

    public bool IsNull(int column) => raw.sqlite3_column_type(handle, column) == raw.SQLITE_NULL;

    public Instant Instant(int column) => new(Int64(column));

    public Instant InstantOrNever(int column) => IsNull(column) ? Storage.Instant.Never : Instant(column);

    /// <summary>Text, or the empty text for NULL.</summary>
    public string Text(int column) => Encoding.UTF8.GetString(raw.sqlite3_column_blob(handle, column));

    public string? TextOrNull(int column) => IsNull(column) ? null : Text(column);

    /// <summary>A copy of the bytes; empty for NULL.</summary>
    public ReadOnlyMemory<byte> Bytes(int column) => raw.sqlite3_column_blob(handle, column).ToArray();

    /// <summary>The bytes in place, valid until the next step.</summary>
    public ReadOnlySpan<byte> Span(int column) => raw.sqlite3_column_blob(handle, column);

    public void Dispose() => handle.Dispose();
}
