using Perdure.Sqlite.Journal;
using Perdure.Sqlite.Native;

namespace Perdure.Sqlite.Reading;

/// <summary>Reads single runs and histories.</summary>
internal sealed class RunReads(ReaderPool readers)
{
    private static readonly Sql ById = new($"SELECT {RunRows.Columns} FROM perdure_run WHERE id = ?1");
    private static readonly Sql ByKey = new($"SELECT {RunRows.Columns} FROM perdure_run WHERE key = ?1");

    private static readonly Sql ByStartKey = new($"""
        SELECT {RunRows.Columns} FROM perdure_run WHERE key = (SELECT run FROM perdure_start_key WHERE key = ?1 AND (free_at IS NULL OR free_at > ?2))
        """);

    private static readonly Sql Tasks = new("SELECT op, activity, queue, due_at, owner FROM perdure_task WHERE run = ?1 ORDER BY op");
    private static readonly Sql Started = new("SELECT input, options FROM perdure_event WHERE run = ?1 AND seq = 0");

    public RunRecord? Read(RunSelector selector, Instant now)
    {
        using var read = readers.Rent("read a run");
        var row = selector.Id is { } id ? read.Db.Use(ById).Bind(1, id)
            : selector.StartKey is { } startKey ? read.Db.Use(ByStartKey).Bind(1, startKey).Bind(2, now.Micros)
            : read.Db.Use(ByKey).Bind(1, selector.Key);
        if (!row.Read()) return null;
        var run = RunRows.Read(row);
        row.Reset();

        var started = read.Db.Use(Started).Bind(1, run.Key);
        if (!started.Read()) return run;
        run = run with { Input = started.Bytes(0), Options = started.Bytes(1) };
        started.Reset();
        return run;
    }

    public IReadOnlyList<TaskRecord> ReadTasks(long run)
    {
        using var read = readers.Rent("read the activities of a run");
        var tasks = new List<TaskRecord>();
        var rows = read.Db.Use(Tasks).Bind(1, run);
        while (rows.Read()) tasks.Add(new(rows.Int32(0), rows.Text(1), rows.Text(2), rows.Instant(3), rows.Int64(4)));
        return tasks;
    }

    public IReadOnlyList<EventBatch> ReadHistory(long run, int fromSequence)
    {
        using var read = readers.Rent("read a history");
        return EventLog.Read(read.Db, run, fromSequence, out _, out _);
    }
}
