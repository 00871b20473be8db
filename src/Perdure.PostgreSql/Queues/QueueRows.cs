using Npgsql;
using Perdure.PostgreSql.Access;

namespace Perdure.PostgreSql.Queues;

/// <summary>Changes what holds queues back, and reads queues with how much work there is on each.</summary>
internal sealed class QueueRows(Database database)
{
    private readonly string _change = database.Sql("SELECT paused, max_concurrency, max_per_key, age_after, revision FROM {schema}.change_queue($1, $2, $3, $4, $5, $6)");

    // What is on each queue, and a row with its rule; the first column says which.
    private readonly string _list = database.Sql("""
        SELECT 0, queue, count(*), min(due_at), false, 0, 0, 0::bigint FROM {schema}.run
            WHERE owner = 0 AND status < 10 AND due_at < 9223372036854775807 AND due_at <= {schema}.clock() AND ($1::text IS NULL OR queue = $1) GROUP BY queue
        UNION ALL SELECT 0, queue, count(*), min(due_at), false, 0, 0, 0 FROM {schema}.run
            WHERE owner < 0 AND status < 10 AND due_at < 9223372036854775807 AND due_at <= {schema}.clock() AND ($1::text IS NULL OR queue = $1) GROUP BY queue
        UNION ALL SELECT 1, queue, count(*), min(due_at), false, 0, 0, 0 FROM {schema}.task
            WHERE owner = 0 AND due_at <= {schema}.clock() AND ($1::text IS NULL OR queue = $1) GROUP BY queue
        UNION ALL SELECT 2, queue, count(*), NULL, false, 0, 0, 0 FROM {schema}.run WHERE owner > 0 AND ($1::text IS NULL OR queue = $1) GROUP BY queue
        UNION ALL SELECT 3, queue, count(*), NULL, false, 0, 0, 0 FROM {schema}.task WHERE owner > 0 AND NOT expired AND ($1::text IS NULL OR queue = $1) GROUP BY queue
        UNION ALL SELECT 4, name, 0, NULL, paused, max_concurrency, max_per_key, age_after FROM {schema}.queue WHERE $1::text IS NULL OR name = $1
        """);

    public async Task<QueueRecord> ChangeAsync(QueueChange change, CancellationToken cancellationToken)
    {
        var (rule, revision) = await database.AskAsync(
            "change a queue", (this, change),
            static (question, state) =>
            {
                var change = state.change;
                question.Say(state.Item1._change).Give(change.Queue).Give(change.Paused).Give(change.MaxConcurrency).Give(change.MaxPerKey)
                    .Give(change.AgeAfter is { } age ? (long)age.TotalMicroseconds : null).Give(change.After);
            },
            static async (reader, _, token) =>
            {
                await reader.ReadAsync(token);
                return (RuleOf(reader, first: 0), reader.GetInt64(4));
            },
            cancellationToken);
        var list = await ListAsync(change.Queue, cancellationToken);
        return new(change.Queue, rule, list.Count == 0 ? QueueLoad.None : list[0].Load) { Revision = revision };
    }

    public Task<IReadOnlyList<QueueRecord>> ListAsync(string? name, CancellationToken cancellationToken) => database.AskAsync(
        "list queues", (this, name),
        static (question, state) => question.Say(state.Item1._list).Give(state.name),
        static async (reader, _, token) =>
        {
            var queues = new SortedDictionary<string, QueueRecord>(StringComparer.Ordinal);
            while (await reader.ReadAsync(token))
            {
                var name = reader.GetString(1);
                queues[name] = Read(reader, queues.GetValueOrDefault(name) ?? new(name, QueueRule.None, QueueLoad.None));
            }
            return (IReadOnlyList<QueueRecord>)[.. queues.Values];
        },
        cancellationToken);

    private static QueueRecord Read(NpgsqlDataReader row, QueueRecord queue)
    {
        var (load, count) = (queue.Load, (int)row.GetInt64(2));
        return row.GetInt32(0) switch
        {
            0 => queue with { Load = load with { WaitingRuns = load.WaitingRuns + count, OldestDue = Instant.Min(load.OldestDue, new(row.GetInt64(3))) } },
            1 => queue with { Load = load with { WaitingTasks = count, OldestDue = Instant.Min(load.OldestDue, new(row.GetInt64(3))) } },
            2 => queue with { Load = load with { HeldRuns = count } },
            3 => queue with { Load = load with { HeldTasks = count } },
            _ => queue with { Rule = RuleOf(row, first: 4) },
        };
    }

    private static QueueRule RuleOf(NpgsqlDataReader row, int first) =>
        new(row.GetBoolean(first), row.GetInt32(first + 1), row.GetInt32(first + 2), TimeSpan.FromMicroseconds(row.GetInt64(first + 3)));
}
