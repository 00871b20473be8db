using System.Text;
using Perdure.Sqlite.Journal;
using Perdure.Sqlite.Native;

namespace Perdure.Sqlite.Reading;

/// <summary>Lists runs, newest first. The text of the query is put together from constants; every value is bound.</summary>
internal sealed class RunLists(ReaderPool readers)
{
    private const string Columns = """
        SELECT key, id, workflow, version, status, phase, queue, priority, created_at, updated_at, closed_at, due_at, start_key, tags
        """;

    /// <summary>
    /// Up to so many live runs are looked at one by one; among more, those that are asked for soon turn up from the newest on.
    /// </summary>
    private const int FewRuns = 10_000;

    private static readonly Sql CountLive = new("""
        SELECT (SELECT count(*) FROM (SELECT 1 FROM perdure_run INDEXED BY perdure_run_owned WHERE owner > 0 LIMIT ?1))
             + (SELECT count(*) FROM (SELECT 1 FROM perdure_run INDEXED BY perdure_run_due WHERE owner = 0 AND status < 10 LIMIT ?1))
             + (SELECT count(*) FROM (SELECT 1 FROM perdure_run INDEXED BY perdure_run_aside WHERE owner < 0 AND status < 10 LIMIT ?1))
        """);

    private static readonly Sql SelectWorkflows = new("""
        SELECT workflow, status, count(*), max(created_at) FROM perdure_run WHERE substr(workflow, 1, 1) <> '_' GROUP BY workflow, status
        """);

    private static readonly Sql SelectChain = new("""
        SELECT r.key, r.id, r.workflow, r.version, r.status, r.phase, r.queue, r.priority, r.created_at, r.updated_at, r.closed_at, r.due_at, r.start_key, r.tags
        FROM perdure_run r LEFT JOIN perdure_chain c ON c.run = r.key
        WHERE r.key IN (SELECT key FROM perdure_run WHERE id = ?1 UNION
            SELECT o.run FROM perdure_run i JOIN perdure_chain m ON m.run = i.key JOIN perdure_chain o ON o.first = m.first WHERE i.id = ?1)
        ORDER BY c.no
        """);

    public RunPage List(RunQuery query)
    {
        using var read = readers.Rent("list runs");
        var limit = Math.Max(query.Limit, 0);
        var values = new List<object>();
        var sql = Build(read.Db, Columns, query, values);
        values.Add((long)limit + 1);
        sql.Append(" ORDER BY r.created_at DESC, r.id DESC LIMIT ?").Append(values.Count);

        using var rows = Prepare(read.Db, sql, values);
        var runs = new List<RunSummaryRecord>();
        var more = false;
        while (rows.Read())
        {
            if (runs.Count == limit)
            {
                more = true;
                break;
            }
            runs.Add(Summary(rows));
        }
        return new(runs, more && runs.Count > 0 ? new(runs[^1].CreatedAt, runs[^1].Id) : null);
    }

    public IReadOnlyDictionary<RunStatus, int> Count(RunQuery query)
    {
        using var read = readers.Rent("count runs");
        var values = new List<object>();
        var sql = Build(read.Db, "SELECT status, count(*)", query with { After = null }, values).Append(" GROUP BY status");
        using var rows = Prepare(read.Db, sql, values);
        var counts = new Dictionary<RunStatus, int>();
        while (rows.Read()) counts.Add((RunStatus)rows.Int32(0), rows.Int32(1));
        return counts;
    }

    public IReadOnlyList<WorkflowCount> CountWorkflows()
    {
        using var read = readers.Rent("count workflows");
        var counts = new List<WorkflowCount>();
        var rows = read.Db.Use(SelectWorkflows);
        while (rows.Read()) counts.Add(new(rows.Text(0), (RunStatus)rows.Int32(1), rows.Int32(2), rows.Instant(3)));
        return counts;
    }

    public IReadOnlyList<RunSummaryRecord> Chain(string id)
    {
        using var read = readers.Rent("read a chain");
        var runs = new List<RunSummaryRecord>();
        var rows = read.Db.Use(SelectChain).Bind(1, id);
        while (rows.Read()) runs.Add(Summary(rows));
        return runs;
    }

    private static Statement Prepare(Connection db, StringBuilder sql, List<object> values)
    {
        var rows = db.Prepare(sql.ToString());
        for (var i = 0; i < values.Count; i++)
        {
            if (values[i] is byte[] text) rows.BindText(i + 1, text);
            else rows.Bind(i + 1, (long)values[i]);
        }
        return rows;
    }

    private static RunSummaryRecord Summary(Statement row) => new(
        row.Text(1), row.Text(2), row.Int32(3), (RunStatus)row.Int32(4), (RunPhase)row.Int32(5), row.Text(6), row.Int32(7),
        row.Instant(8), row.Instant(9), row.InstantOrNever(10), row.Instant(11), row.TextOrNull(12), TagText.Read(row.Span(13)));

    private static StringBuilder Build(Connection db, string select, RunQuery query, List<object> values)
    {
        var sql = new StringBuilder(select).Append(" FROM perdure_run AS r WHERE 1");
        if (query.Tags is { Count: > 0 } tags)
        {
            foreach (var (name, value) in tags)
            {
                sql.Append(" AND r.key IN (SELECT run FROM perdure_tag WHERE name = ").Append(Text(name, values));
                if (value is not null) sql.Append(" AND value = ").Append(Text(value, values));
                sql.Append(')');
            }
        }
        if (query.Workflow is { } workflow) sql.Append(" AND r.workflow = ").Append(Text(workflow, values));
        if (query.OmitsEngineRuns) sql.Append(" AND substr(r.workflow, 1, 1) <> '_'");
        if (query.Queue is { } queue) sql.Append(" AND r.queue = ").Append(Text(queue, values));
        if (query.Statuses.Count > 0) AddStatuses(db, sql, query.Statuses, values);
        if (query.CreatedFrom != Instant.Earliest) sql.Append(" AND r.created_at >= ").Append(Number(query.CreatedFrom.Micros, values));
        if (!query.CreatedTo.IsNever) sql.Append(" AND r.created_at < ").Append(Number(query.CreatedTo.Micros, values));
        if (query.UpdatedFrom is { } updatedFrom) sql.Append(" AND r.updated_at >= ").Append(Number(updatedFrom.Micros, values));
        if (query.UpdatedTo is { } updatedTo) sql.Append(" AND r.updated_at < ").Append(Number(updatedTo.Micros, values));
        // A live run has NULL there, which is neither.
        if (query.ClosedFrom is { } closedFrom) sql.Append(" AND r.closed_at >= ").Append(Number(closedFrom.Micros, values));
        if (query.ClosedTo is { } closedTo) sql.Append(" AND r.closed_at < ").Append(Number(closedTo.Micros, values));
        if (query.WaitingPrefix is { Length: > 0 } waiting)
        {
            var begin = Text(waiting, values);
            sql.Append(" AND substr(r.waiting, 1, length(CAST(").Append(begin).Append(" AS BLOB))) = CAST(").Append(begin).Append(" AS BLOB)");
        }
        if (query.Text is { Length: > 0 } text)
        {
            // SQLite's own lower() knows the letters A to Z only, which is what is asked for.
            var lowered = Text(text, values);
            sql.Append(" AND (instr(lower(r.workflow), lower(").Append(lowered).Append(")) OR instr(lower(r.id), lower(").Append(lowered)
                .Append(")) OR instr(lower(r.start_key), lower(").Append(lowered).Append(")))");
        }
        if (query.Parent is { } parent) sql.Append(" AND r.key IN (SELECT run FROM perdure_child WHERE parent_id = ").Append(Text(parent, values)).Append(')');
        if (query.Root is { } root) sql.Append(" AND r.key IN (SELECT run FROM perdure_child WHERE root = ").Append(Text(root, values)).Append(')');
        if (query.TopLevelOnly) sql.Append(" AND NOT ").Append(Families.HasParent);
        if (query.IdPrefix is { Length: > 0 } prefix)
        {
            var from = Encoding.UTF8.GetBytes(prefix);
            var to = (byte[])from.Clone();
            // No byte of UTF-8 is 255, so the last one can always be raised: the first text behind all that begin like this.
            to[^1]++;
            sql.Append(" AND r.id >= ").Append(Add(from, values)).Append(" AND r.id < ").Append(Add(to, values));
        }
        if (query.After is { } after)
        {
            sql.Append(" AND r.created_at <= ").Append(Number(after.CreatedAt.Micros, values));
            sql.Append(" AND (r.created_at, r.id) < (").Append(Number(after.CreatedAt.Micros, values));
            sql.Append(", ").Append(Text(after.Id, values)).Append(')');
        }
        return sql;
    }

    /// <summary>What is rare among millions of completed runs is found by an index that holds only it.</summary>
    private static void AddStatuses(Connection db, StringBuilder sql, IReadOnlyList<RunStatus> statuses, List<object> values)
    {
        var (live, unhappy, stopped) = (true, true, true);
        sql.Append(" AND r.status IN (");
        for (var i = 0; i < statuses.Count; i++)
        {
            live &= !statuses[i].IsTerminal();
            unhappy &= statuses[i] > RunStatus.Completed;
            stopped &= statuses[i] is RunStatus.Paused or RunStatus.Blocked;
            sql.Append(i == 0 ? "" : ", ").Append(Number((long)statuses[i], values));
        }
        sql.Append(')');
        if (unhappy) sql.Append(" AND r.status > 10");
        else if (stopped) sql.Append(" AND r.status IN (3, 4)");
        else if (live && db.Use(CountLive).Bind(1, FewRuns).Scalar() < FewRuns)
        {
            sql.Append("""
                 AND r.key IN (SELECT key FROM perdure_run INDEXED BY perdure_run_owned WHERE owner > 0
                    UNION ALL SELECT key FROM perdure_run INDEXED BY perdure_run_due WHERE owner = 0 AND status < 10
                    UNION ALL SELECT key FROM perdure_run INDEXED BY perdure_run_aside WHERE owner < 0 AND status < 10)
                """);
        }
    }

    private static string Text(string value, List<object> values) => Add(Encoding.UTF8.GetBytes(value), values);

    private static string Number(long value, List<object> values) => Add(value, values);

    private static string Add(object value, List<object> values)
    {
        values.Add(value);
        return "?" + values.Count.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }
}
