using System.Globalization;
using System.Text;
using Perdure.Sqlite.Native;
using Perdure.Sqlite.Reading;

namespace Perdure.Sqlite.Requests;

/// <summary>Lists requests in the order in which they expire. The text of the query is put together from constants; every value is bound.</summary>
internal sealed class RequestLists(ReaderPool readers)
{
    private const string Columns = """
        SELECT q.run, r.id, q.op, q.number, q.kind, q.name, q.state, q.created_at, q.expires_at, q.max_answers, q.answers, q.answered_at, q.assignee, q.description
        FROM perdure_request AS q CROSS JOIN perdure_run AS r ON r.key = q.run WHERE 1
        """;

    public RequestPage List(RequestQuery query, Instant now)
    {
        using var read = readers.Rent("list requests");
        var binds = new List<Action<Statement, int>>();
        var sql = Build(query, now, binds);
        Add(sql, binds, " ORDER BY q.expires_at, q.run, q.op LIMIT ", query.Limit + 1L);
        using var rows = read.Db.Prepare(sql.ToString());
        for (var i = 0; i < binds.Count; i++) binds[i](rows, i + 1);
        var requests = new List<RequestRecord>();
        var more = false;
        while (rows.Read())
        {
            if (requests.Count == query.Limit)
            {
                more = true;
                break;
            }
            requests.Add(Read(rows));
        }
        return new(requests, more && requests.Count > 0 ? new(requests[^1].ExpiresAt, requests[^1].Run, requests[^1].Operation) : null);
    }

    private static StringBuilder Build(RequestQuery query, Instant now, List<Action<Statement, int>> binds)
    {
        var sql = new StringBuilder(Columns);
        if (query.Kind is { } kind) Add(sql, binds, " AND q.kind = ", (long)kind);
        // A literal lets the index of pending ones serve.
        if (query.State is { } state) sql.Append(CultureInfo.InvariantCulture, $" AND q.state = {(int)state}");
        if (query.RunId is { } run) Add(sql, binds, " AND q.run = (SELECT key FROM perdure_run WHERE id = ", run, ")");
        if (query.Name is { } name) Add(sql, binds, " AND q.name = ", name);
        if (query.Assignee is { } assignee) Add(sql, binds, " AND q.assignee = ", assignee);
        if (!query.TokenHash.IsEmpty)
        {
            binds.Add((statement, at) => statement.Bind(at, query.TokenHash));
            sql.Append(CultureInfo.InvariantCulture, $" AND q.token_hash = ?{binds.Count}");
        }
        if (query.ExpiringWithin is { } within) Add(sql, binds, " AND q.expires_at <= ", now.Add(within).Micros);
        if (query.After is not { } after) return sql;
        Add(sql, binds, " AND (q.expires_at, q.run, q.op) > (", after.ExpiresAt.Micros);
        Add(sql, binds, ", ", after.Run);
        Add(sql, binds, ", ", after.Operation);
        return sql.Append(')');
    }

    private static void Add(StringBuilder sql, List<Action<Statement, int>> binds, string before, long value)
    {
        binds.Add((statement, at) => statement.Bind(at, value));
        sql.Append(before).Append(CultureInfo.InvariantCulture, $"?{binds.Count}");
    }

    private static void Add(StringBuilder sql, List<Action<Statement, int>> binds, string before, string value, string after = "")
    {
        binds.Add((statement, at) => statement.Bind(at, value));
        sql.Append(before).Append(CultureInfo.InvariantCulture, $"?{binds.Count}").Append(after);
    }

    private static RequestRecord Read(Statement row) => new()
    {
        Run = row.Int64(0), RunId = row.Text(1), Operation = row.Int32(2), Number = row.Int32(3), Kind = (RequestKind)row.Int32(4), Name = row.Text(5),
        State = (RequestState)row.Int32(6), CreatedAt = row.Instant(7), ExpiresAt = row.Instant(8), MaxAnswers = row.Int32(9), Answers = row.Int32(10),
        AnsweredAt = row.InstantOrNever(11), Assignee = row.TextOrNull(12), Description = row.Bytes(13),
    };
}
