using System.Diagnostics;
using SQLitePCL;

namespace Perdure.Bench.Limits;

/// <summary>On SQLite: a table of events in commit order with one narrow index, and a table of runs.</summary>
internal sealed class LogDatabase : ILogDatabase
{
    private readonly sqlite3 _db;
    private readonly sqlite3_stmt _begin;
    private readonly sqlite3_stmt _commit;
    private readonly sqlite3_stmt _insertRun;
    private readonly sqlite3_stmt _insertEvent;
    private readonly sqlite3_stmt _endRun;

    public LogDatabase(string path)
    {
        Batteries_V2.Init();
        Check(raw.sqlite3_open(path, out _db));
        // The engine's own settings; the log is moved by SQLite at the same length as the engine moves it.
        Execute("PRAGMA journal_mode=WAL");
        Execute("PRAGMA synchronous=FULL");
        Execute("PRAGMA cache_size=-16384");
        Execute("PRAGMA wal_autocheckpoint=1000");
        Execute("CREATE TABLE run(id INTEGER PRIMARY KEY, status INTEGER NOT NULL, at INTEGER NOT NULL, input BLOB NOT NULL, result BLOB)");
        Execute("""
            CREATE TABLE event(
                run INTEGER NOT NULL, seq INTEGER NOT NULL, kind INTEGER NOT NULL, at INTEGER NOT NULL, payload BLOB NOT NULL)
            """);
        Execute("CREATE INDEX event_run ON event(run)");
        _begin = Prepare("BEGIN IMMEDIATE");
        _commit = Prepare("COMMIT");
        _insertRun = Prepare("INSERT INTO run(id, status, at, input) VALUES(?1, 0, ?2, ?3)");
        _insertEvent = Prepare("INSERT INTO event(run, seq, kind, at, payload) VALUES(?1, ?2, 1, ?3, ?4)");
        _endRun = Prepare("UPDATE run SET status = 2, result = ?2 WHERE id = ?1");
    }

    public void Write(IReadOnlyList<PendingWrite> group)
    {
        var at = Stopwatch.GetTimestamp();
        Step(_begin);
        foreach (var write in group)
        {
            switch (write.Kind)
            {
                case WriteKind.Start:
                    InsertRun(write.Run, at, write.Bytes);
                    break;
                case WriteKind.Append:
                    InsertEvent(write.Run, write.Sequence, at, write.Bytes);
                    break;
                default:
                    EndRun(write.Run, write.Bytes);
                    break;
            }
        }
        Step(_commit);
    }

    public void Append(long first, int count)
    {
        var at = Stopwatch.GetTimestamp();
        Step(_begin);
        for (var i = first; i < first + count; i++) InsertEvent(i / 5, (int)(i % 5), at, Bytes.Event);
        Step(_commit);
    }

    private void InsertRun(long run, long at, ReadOnlySpan<byte> input)
    {
        raw.sqlite3_bind_int64(_insertRun, 1, run);
        raw.sqlite3_bind_int64(_insertRun, 2, at);
        raw.sqlite3_bind_blob(_insertRun, 3, input);
        Step(_insertRun);
    }

    private void InsertEvent(long run, int sequence, long at, ReadOnlySpan<byte> payload)
    {
        raw.sqlite3_bind_int64(_insertEvent, 1, run);
        raw.sqlite3_bind_int64(_insertEvent, 2, sequence);
        raw.sqlite3_bind_int64(_insertEvent, 3, at);
        raw.sqlite3_bind_blob(_insertEvent, 4, payload);
        Step(_insertEvent);
    }

    private void EndRun(long run, ReadOnlySpan<byte> result)
    {
        raw.sqlite3_bind_int64(_endRun, 1, run);
        raw.sqlite3_bind_blob(_endRun, 2, result);
        Step(_endRun);
    }

    public void Expect(long runs, long events)
    {
        var (foundRuns, foundEvents) = (Count("SELECT count(*) FROM run WHERE status = 2"), Count("SELECT count(*) FROM event"));
        if (foundRuns != runs || foundEvents != events)
            throw new InvalidOperationException(
                $"{runs} runs with {events} events were acknowledged; the file holds {foundRuns} with {foundEvents}.");
    }

    public void Dispose()
    {
        foreach (var statement in new[] { _begin, _commit, _insertRun, _insertEvent, _endRun }) statement.Dispose();
        _db.Dispose();
    }

    private long Count(string query)
    {
        using var statement = Prepare(query);
        if (raw.sqlite3_step(statement) != raw.SQLITE_ROW) throw Failure();
        return raw.sqlite3_column_int64(statement, 0);
    }

    private sqlite3_stmt Prepare(string text)
    {
        Check(raw.sqlite3_prepare_v2(_db, text, out var statement));
        return statement;
    }

    private void Execute(string text) => Check(raw.sqlite3_exec(_db, text));

    private void Step(sqlite3_stmt statement)
    {
        var code = raw.sqlite3_step(statement);
        raw.sqlite3_reset(statement);
        if (code != raw.SQLITE_DONE) throw Failure();
    }

    private void Check(int code)
    {
        if (code != raw.SQLITE_OK) throw Failure();
    }

    private InvalidOperationException Failure() => new("SQLite: " + raw.sqlite3_errmsg(_db).utf8_to_string());
}
