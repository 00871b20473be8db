using Npgsql;
using Perdure.PostgreSql.Access;

namespace Perdure.PostgreSql.Requests;

/// <summary>Lists requests in the order in which they expire.</summary>
internal sealed class RequestLists(Database database)
{
    private const string Columns = """
        SELECT q.run, r.id, q.op, q.number, q.kind::integer, q.name, q.state::integer, q.created_at, q.expires_at, q.max_answers, q.answers, q.answered_at, q.assignee, q.description
        FROM {schema}.request AS q JOIN {schema}.run AS r ON r.key = q.run
        WHERE ($1 = 0 OR q.kind = $1) AND ($2::text IS NULL OR r.id = $2) AND ($3::text IS NULL OR q.name = $3) AND ($4::text IS NULL OR q.assignee = $4)
            AND ($5 = ''::bytea OR q.token_hash = $5) AND ($6 < 0 OR q.expires_at <= {schema}.clock() + $6)
            AND ($7 < 0 OR (q.expires_at, q.run, q.op) > ($8, $9, $10))
        """;

    private const string Order = " ORDER BY q.expires_at, q.run, q.op LIMIT $11";

    // A literal lets the index of pending ones serve.
    private readonly string[] _lists =
        [.. Enumerable.Range(-1, 5).Select(state => database.Sql(Columns + (state < 0 ? "" : FormattableString.Invariant($" AND q.state = {state}")) + Order))];

    public Task<RequestPage> ListAsync(RequestQuery query, CancellationToken cancellationToken) => database.AskAsync(
        "list requests", (this, query),
        static (question, state) =>
        {
            var (lists, query) = state;
            question.Say(lists._lists[query.State is { } wanted ? (int)wanted + 1 : 0])
                .Give((int)(query.Kind ?? 0)).Give(query.RunId).Give(query.Name).Give(FreeText.Write(query.Assignee)).Give(query.TokenHash)
                .Give(query.ExpiringWithin is { } within ? within.Ticks / TimeSpan.TicksPerMicrosecond : -1L)
                .Give(query.After is null ? -1 : 0).Give(query.After?.ExpiresAt.Micros ?? 0L).Give(query.After?.Run ?? 0L).Give(query.After?.Operation ?? 0)
                .Give(query.Limit + 1);
        },
        static async (reader, state, token) =>
        {
            var requests = new List<RequestRecord>();
            while (await reader.ReadAsync(token)) requests.Add(Read(reader));
            var more = requests.Count > state.query.Limit;
            if (more) requests.RemoveAt(state.query.Limit);
            return new RequestPage(requests, more && requests.Count > 0 ? new(requests[^1].ExpiresAt, requests[^1].Run, requests[^1].Operation) : null);
        },
        cancellationToken);

    private static RequestRecord Read(NpgsqlDataReader row) => new()
    {
        Run = row.GetInt64(0), RunId = row.GetString(1), Operation = row.GetInt32(2), Number = row.GetInt32(3), Kind = (RequestKind)row.GetInt32(4),
        Name = row.GetString(5), State = (RequestState)row.GetInt32(6), CreatedAt = new(row.GetInt64(7)), ExpiresAt = new(row.GetInt64(8)),
        MaxAnswers = row.GetInt32(9), Answers = row.GetInt32(10), AnsweredAt = new(row.GetInt64(11)),
        Assignee = row.IsDBNull(12) ? null : FreeText.Read(row.GetString(12)), Description = row.GetFieldValue<byte[]>(13),
    };
}
