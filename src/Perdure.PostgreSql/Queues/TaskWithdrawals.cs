using Perdure.PostgreSql.Access;

namespace Perdure.PostgreSql.Queues;

/// <summary>Takes tasks off their queues from outside.</summary>
internal sealed class TaskWithdrawals(Database database)
{
    private readonly string _list = database.Sql("""
        SELECT t.run, t.op, t.token, t.activity FROM {schema}.task t
        WHERE t.queue = $1 AND t.owner = 0 AND t.due_at <= {schema}.clock() AND (t.run, t.op) < ($2, $3) ORDER BY t.run DESC, t.op DESC LIMIT $4
        """);

    // Runs before tasks: in this order everybody locks them.
    private readonly string _lock = database.Sql("SELECT {schema}.lock_runs($1, $2)");

    private readonly string _withdraw = database.Sql("""
        WITH gone AS (
            DELETE FROM {schema}.task t USING unnest($1, $2, $3, $4, $5, $6, $7) WITH ORDINALITY AS w(run, op, token, id, kind, name, payload, ord)
            WHERE t.run = w.run AND t.op = w.op AND t.owner = 0 AND t.token = w.token RETURNING w.run, w.op, w.id, w.kind, w.name, w.payload, w.ord),
        told AS (
            SELECT p.verdict FROM (
                SELECT array_agg(g.run ORDER BY g.ord) AS runs, array_agg(NULL::text) AS run_ids, array_agg(g.id ORDER BY g.ord) AS ids, array_agg(g.kind ORDER BY g.ord) AS kinds,
                    array_agg(g.name ORDER BY g.ord) AS names, array_agg(g.payload ORDER BY g.ord) AS payloads, array_agg(g.op ORDER BY g.ord) AS ops
                FROM gone g) AS m, LATERAL {schema}.post_messages(m.runs, m.run_ids, m.ids, m.kinds, m.names, m.payloads, m.ops) AS p
            WHERE m.runs IS NOT NULL)
        SELECT g.ord::integer FROM gone g CROSS JOIN (SELECT count(*) FROM told) AS t
        """);

    private readonly string _known = database.Sql("""
        SELECT w.ord::integer FROM unnest($1, $2) WITH ORDINALITY AS w(run, id, ord) WHERE EXISTS (SELECT 1 FROM {schema}.message m WHERE m.run = w.run AND m.id = w.id)
        """);

    public Task<IReadOnlyList<QueuedTask>> ListAsync(TaskQuery query, CancellationToken cancellationToken) => database.AskAsync(
        "list tasks", (this, query),
        static (question, state) => question.Say(state.Item1._list).Give(state.query.Queue)
            .Give(state.query.After?.Run ?? long.MaxValue).Give(state.query.After?.Operation ?? int.MaxValue).Give(state.query.Limit),
        static async (reader, _, token) =>
        {
            var waiting = new List<QueuedTask>();
            while (await reader.ReadAsync(token)) waiting.Add(new(new(reader.GetInt64(0), reader.GetInt32(1), reader.GetInt64(2)), reader.GetString(3)));
            return (IReadOnlyList<QueuedTask>)waiting;
        },
        cancellationToken);

    public async Task<IReadOnlyList<bool>> WithdrawAsync(IReadOnlyList<TaskCompletion> withdrawals, CancellationToken cancellationToken)
    {
        if (withdrawals.Count == 0) return [];
        return await database.AskAsync(
            "withdraw tasks", (this, withdrawals),
            static (question, state) => state.Item1.Ask(question, state.withdrawals),
            static async (reader, state, token) =>
            {
                var done = new bool[state.withdrawals.Count];
                // Behind the locks: what was withdrawn now, and what was before, whose message nobody has read.
                while (await reader.NextResultAsync(token))
                    while (await reader.ReadAsync(token)) done[reader.GetInt32(0) - 1] = true;
                return done;
            },
            cancellationToken);
    }

    private void Ask(Question question, IReadOnlyList<TaskCompletion> withdrawals)
    {
        var count = withdrawals.Count;
        var (runs, operations, tokens, kinds) = (new long[count], new int[count], new long[count], new int[count]);
        var (ids, names) = (new string?[count], new string?[count]);
        var payloads = new List<ReadOnlyMemory<byte>>(count);
        for (var i = 0; i < count; i++)
        {
            var (attempt, result) = withdrawals[i];
            (runs[i], operations[i], tokens[i]) = (attempt.Run, attempt.Operation, attempt.Token);
            (ids[i], kinds[i], names[i]) = (FreeText.Write(result.Id), (int)result.Kind, result.Name);
            payloads.Add(result.Payload);
        }
        question.Say(_lock).Give(runs).Give(new string?[count]);
        question.Say(_withdraw).Give(runs).Give(operations).Give(tokens).Give(ids).Give(kinds).Give(names).Give(payloads);
        question.Say(_known).Give(runs).Give(ids);
    }
}
