using System.Globalization;
using System.Text;
using Npgsql;
using Perdure.PostgreSql.Access;

namespace Perdure.PostgreSql.Reading;

/// <summary>Lists runs, newest first. The text of the query is put together from constants; every value is a parameter.</summary>
internal sealed class RunLists(Database database)
{
    private readonly string _select = database.Sql("""
        SELECT r.id, r.workflow, r.version, r.status::integer, r.phase::integer, r.queue, r.priority, r.created_at, r.updated_at, r.closed_at, r.due_at, r.start_key, r.tags
        FROM {schema}.run AS r WHERE true
        """);

    private readonly string _count = database.Sql("SELECT r.status::integer, count(*) FROM {schema}.run AS r WHERE true");
    private readonly string _workflows = database.Sql("SELECT r.workflow, r.status::integer, count(*), max(r.created_at) FROM {schema}.run AS r WHERE left(r.workflow, 1) <> '_' GROUP BY r.workflow, r.status");
    private readonly string _childrenOf = database.Sql(" AND r.key IN (SELECT c.run FROM {schema}.child AS c WHERE c.parent_id = ");
    private readonly string _below = database.Sql(" AND r.key IN (SELECT c.run FROM {schema}.child AS c WHERE c.root = ");
    private readonly string _isTop = database.Sql(" AND NOT EXISTS (SELECT 1 FROM {schema}.child AS c JOIN {schema}.run AS p ON p.key = c.parent WHERE c.run = r.key AND left(p.workflow, 1) <> '_')");

    private readonly string _chain = database.Sql("""
        SELECT r.id, r.workflow, r.version, r.status::integer, r.phase::integer, r.queue, r.priority, r.created_at, r.updated_at, r.closed_at, r.due_at, r.start_key, r.tags
        FROM {schema}.run AS r LEFT JOIN {schema}.chain c ON c.run = r.key
        WHERE r.key IN (SELECT i.key FROM {schema}.run i WHERE i.id = $1 UNION
            SELECT o.run FROM {schema}.run i JOIN {schema}.chain m ON m.run = i.key JOIN {schema}.chain o ON o.first = m.first WHERE i.id = $1)
        ORDER BY c.no
        """);

    private readonly string _tagged = database.Sql(" AND r.key IN (SELECT t.run FROM {schema}.tag AS t WHERE t.name = ");

    public Task<RunPage> ListAsync(RunQuery query, CancellationToken cancellationToken) => database.AskAsync(
        "list runs", (this, query, Math.Max(query.Limit, 0)),
        static (question, state) => new Text(state.Item1, state.query, state.Item3).Ask(question),
        static async (reader, state, token) =>
        {
            var runs = new List<RunSummaryRecord>();
            while (runs.Count < state.Item3 && await reader.ReadAsync(token)) runs.Add(Summary(reader));
            var more = runs.Count > 0 && runs.Count == state.Item3 && await reader.ReadAsync(token);
            return new RunPage(runs, more ? new(runs[^1].CreatedAt, runs[^1].Id) : null);
        },
        cancellationToken);

    public Task<IReadOnlyList<RunSummaryRecord>> ChainAsync(string id, CancellationToken cancellationToken) => database.AskAsync(
        "read a chain", (this, id),
        static (question, state) => question.Say(state.Item1._chain).Give(state.id),
        static async (reader, _, token) =>
        {
            var runs = new List<RunSummaryRecord>();
            while (await reader.ReadAsync(token)) runs.Add(Summary(reader));
            return (IReadOnlyList<RunSummaryRecord>)runs;
        },
        cancellationToken);

    public Task<IReadOnlyDictionary<RunStatus, int>> CountAsync(RunQuery query, CancellationToken cancellationToken) => database.AskAsync(
        "count runs", (this, query),
        static (question, state) => new Text(state.Item1, state.query, limit: null).Ask(question),
        static async (reader, _, token) =>
        {
            var counts = new Dictionary<RunStatus, int>();
            while (await reader.ReadAsync(token)) counts.Add((RunStatus)reader.GetInt32(0), (int)reader.GetInt64(1));
            return (IReadOnlyDictionary<RunStatus, int>)counts;
        },
        cancellationToken);

    public Task<IReadOnlyList<WorkflowCount>> CountWorkflowsAsync(CancellationToken cancellationToken) => database.AskAsync(
        "count workflows", this,
        static (question, lists) => question.Say(lists._workflows),
        static async (reader, _, token) =>
        {
            var counts = new List<WorkflowCount>();
            while (await reader.ReadAsync(token)) counts.Add(new(reader.GetString(0), (RunStatus)reader.GetInt32(1), (int)reader.GetInt64(2), new(reader.GetInt64(3))));
            return (IReadOnlyList<WorkflowCount>)counts;
        },
        cancellationToken);

    private static RunSummaryRecord Summary(NpgsqlDataReader row) => new(
        row.GetString(0), row.GetString(1), row.GetInt32(2), (RunStatus)row.GetInt32(3), (RunPhase)row.GetInt32(4), row.GetString(5), row.GetInt32(6),
        new(row.GetInt64(7)), new(row.GetInt64(8)), new(row.GetInt64(9)), new(row.GetInt64(10)),
        row.IsDBNull(11) ? null : FreeText.Read(row.GetString(11)), TagText.Read(row.IsDBNull(12) ? default : row.GetFieldValue<byte[]>(12)));

    /// <summary>One query with its parameters: numbers and texts in the order in which they appear.</summary>
    private sealed class Text
    {
        private readonly StringBuilder _sql;
        private readonly List<object> _values = [];

        /// <param name="lists">The constant parts.</param>
        /// <param name="query">What is asked.</param>
        /// <param name="limit">Runs of the page; null to count all by their status.</param>
        public Text(RunLists lists, RunQuery query, int? limit)
        {
            _sql = new StringBuilder(limit is null ? lists._count : lists._select);
            foreach (var (name, value) in query.Tags ?? new Dictionary<string, string?>())
            {
                Add(lists._tagged, FreeText.Write(name)!);
                if (value is not null) Add(" AND t.value = ", FreeText.Write(value)!);
                _sql.Append(')');
            }
            if (query.Workflow is { } workflow) Add(" AND r.workflow = ", workflow);
            if (query.OmitsEngineRuns) _sql.Append(" AND left(r.workflow, 1) <> '_'");
            if (query.Queue is { } queue) Add(" AND r.queue = ", queue);
            if (query.Statuses.Count > 0) AddStatuses(query.Statuses);
            if (query.CreatedFrom != Instant.Earliest) Add(" AND r.created_at >= ", query.CreatedFrom.Micros);
            if (!query.CreatedTo.IsNever) Add(" AND r.created_at < ", query.CreatedTo.Micros);
            if (query.UpdatedFrom is { } updatedFrom) Add(" AND r.updated_at >= ", updatedFrom.Micros);
            if (query.UpdatedTo is { } updatedTo) Add(" AND r.updated_at < ", updatedTo.Micros);
            if (query.ClosedFrom is { } closedFrom) Add(" AND r.closed_at < 9223372036854775807 AND r.closed_at >= ", closedFrom.Micros);
            if (query.ClosedTo is { } closedTo) Add(" AND r.closed_at < ", closedTo.Micros);
            if (query.WaitingPrefix is { Length: > 0 } waiting)
            {
                var begin = Add(waiting);
                _sql.Append(" AND substring(r.waiting FROM 1 FOR octet_length(convert_to(").Append(begin).Append(", 'UTF8'))) = convert_to(").Append(begin).Append(", 'UTF8')");
            }
            if (query.Text is { Length: > 0 } contained) AddText(contained);
            if (query.Parent is { } parent) Add(lists._childrenOf, parent).Append(')');
            if (query.Root is { } root) Add(lists._below, root).Append(')');
            if (query.TopLevelOnly) _sql.Append(lists._isTop);
            if (query.IdPrefix is { Length: > 0 } prefix) Add(" AND starts_with(r.id, ", prefix).Append(')');
            if (limit is null)
            {
                _sql.Append(" GROUP BY r.status");
                return;
            }
            if (query.After is { } after)
            {
                Add(" AND (r.created_at, r.id) < (", after.CreatedAt.Micros);
                Add(", ", after.Id).Append(')');
            }
            Add(" ORDER BY r.created_at DESC, r.id DESC LIMIT ", (long)limit.Value + 1);
        }

        public void Ask(Question question)
        {
            question.Say(_sql.ToString());
            foreach (var value in _values)
            {
                if (value is string text) question.Give(text);
                else question.Give((long)value);
            }
        }

        private StringBuilder Add(string sql, object value) => _sql.Append(sql).Append(Add(value));

        private string Add(object value)
        {
            _values.Add(value);
            return "$" + _values.Count.ToString(CultureInfo.InvariantCulture);
        }

        /// <summary>In the collation C, lower() knows the letters A to Z only, on every server. A key is searched as it was given, not as <see cref="FreeText"/> writes it.</summary>
        private void AddText(string text)
        {
            // No name, id or stored text has this character, so neither does what is searched for.
            var lowered = Add(text.Replace('\0', '\uffff'));
            _sql.Append(CultureInfo.InvariantCulture, $"""
                 AND (strpos(lower(r.workflow COLLATE "C"), lower({lowered} COLLATE "C")) > 0 OR strpos(lower(r.id COLLATE "C"), lower({lowered} COLLATE "C")) > 0
                    OR strpos(lower((CASE WHEN strpos(r.start_key, '\') = 0 THEN r.start_key
                        ELSE replace(replace(replace(r.start_key, '\\', chr(65534)), '\0', chr(65535)), chr(65534), '\') END) COLLATE "C"), lower({lowered} COLLATE "C")) > 0)
                """);
        }

        /// <summary>What is rare among millions of completed runs is found by an index that holds only it.</summary>
        private void AddStatuses(IReadOnlyList<RunStatus> statuses)
        {
            var (unhappy, stopped) = (true, true);
            _sql.Append(" AND r.status IN (");
            for (var i = 0; i < statuses.Count; i++)
            {
                unhappy &= statuses[i] > RunStatus.Completed;
                stopped &= statuses[i] is RunStatus.Paused or RunStatus.Blocked;
                _sql.Append(i == 0 ? "" : ", ").Append(((int)statuses[i]).ToString(CultureInfo.InvariantCulture));
            }
            _sql.Append(')');
            if (unhappy) _sql.Append(" AND r.status > 10");
            else if (stopped) _sql.Append(" AND r.status IN (3, 4)");
        }
    }
}
