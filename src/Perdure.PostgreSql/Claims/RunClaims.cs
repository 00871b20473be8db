using Npgsql;
using Perdure.PostgreSql.Access;
using Perdure.PostgreSql.Journal;
using Perdure.PostgreSql.Messages;
using Perdure.PostgreSql.Reading;

namespace Perdure.PostgreSql.Claims;

/// <summary>Gives due runs to a worker, with all that it needs to go on: rows, histories and messages of all of them in one round trip.</summary>
internal sealed class RunClaims(Database database, HistoryEnds ends)
{
    // Statements of their own, behind the claim: each sees what was committed before the locks were had.
    private const string Theirs = "(SELECT c.key FROM {schema}.run AS c WHERE c.owner > 0 AND c.owner = $1 AND c.claim = $2)";

    private readonly string _claim = database.Sql("SELECT next_due, now_us, revision, paused FROM {schema}.take_runs($1, $2, $3, $4, $5, $6, $7)");

    private readonly string _rows = database.Sql($$"""
        SELECT {{RunRows.Columns}} FROM {schema}.run AS r LEFT JOIN {schema}.event AS e ON e.run = r.key AND e.seq = 0
        WHERE r.owner > 0 AND r.owner = $1 AND r.claim = $2 ORDER BY r.priority DESC, r.due_at, r.key
        """);

    private readonly string _events = database.Sql($"SELECT e.run, e.seq, e.count, e.bytes FROM {{schema}}.event AS e WHERE e.run IN {Theirs} ORDER BY e.run, e.seq");

    private readonly string _messages = database.Sql(
        $"SELECT m.run, m.pos, m.id, m.kind, m.name, m.payload, m.at FROM {{schema}}.message AS m WHERE m.run IN {Theirs} ORDER BY m.run, m.pos");

    private readonly string _now = database.Sql("SELECT {schema}.clock(), {schema}.clock(), 0::bigint, false");

    public async Task<ClaimedRuns> ClaimAsync(RunClaim claim, CancellationToken cancellationToken)
    {
        var claimed = await database.AskAsync(
            "claim runs", (this, claim),
            static (question, state) =>
            {
                var stamp = state.claim.Stamp;
                question.Say(state.Item1._claim).Give(stamp.Worker).Give(stamp.Lane).Give(stamp.Number).Give(stamp.Previous)
                    .Give(state.claim.Queues!).Give(state.claim.Limit).Give(state.claim.Suspects);
                state.Item1.AskForTaken(question, stamp.Worker, stamp.Number);
            },
            static (reader, _, token) => ReadAsync(reader, token),
            cancellationToken);
        ends.Note(claimed.Runs);
        return claimed;
    }

    /// <summary>Which queues were asked for is not known here; whatever is due there is found by the next claim, at once.</summary>
    public Task<ClaimedRuns> RecallAsync(long worker, long number, CancellationToken cancellationToken) => database.AskAsync(
        "recall a claim of runs", (this, worker, number),
        static (question, state) =>
        {
            // Nothing is locked here, and what is read must belong together.
            question.Say("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").Say(state.Item1._now);
            state.Item1.AskForTaken(question, state.worker, state.number);
            question.Say("COMMIT");
        },
        static (reader, _, token) => ReadAsync(reader, token),
        cancellationToken);

    private void AskForTaken(Question question, long worker, long number)
    {
        question.Say(_rows).Give(worker).Give(number);
        question.Say(_events).Give(worker).Give(number);
        question.Say(_messages).Give(worker).Give(number);
    }

    private static async Task<ClaimedRuns> ReadAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        await reader.ReadAsync(cancellationToken);
        var now = new Instant(reader.GetInt64(1));
        if (reader.IsDBNull(0)) return new(Fenced: true, [], Instant.Never, now);
        var next = new Instant(reader.GetInt64(0));
        var orders = new WorkerOrders(reader.GetInt64(2), reader.GetBoolean(3));
        await reader.NextResultAsync(cancellationToken);

        var rows = new List<RunRecord>();
        while (await reader.ReadAsync(cancellationToken)) rows.Add(RunRows.Read(reader));
        if (rows.Count == 0) return new(Fenced: false, [], next, now) { Orders = orders };

        await reader.NextResultAsync(cancellationToken);
        var histories = new Dictionary<long, List<EventBatch>>(rows.Count);
        while (await reader.ReadAsync(cancellationToken))
            Of(histories, reader.GetInt64(0)).Add(new(reader.GetInt32(1), reader.GetInt32(2), reader.GetFieldValue<byte[]>(3)));
        await reader.NextResultAsync(cancellationToken);
        var messages = new Dictionary<long, List<InboxMessage>>();
        while (await reader.ReadAsync(cancellationToken)) Of(messages, reader.GetInt64(0)).Add(Inboxes.Read(reader));

        var runs = new ClaimedRun[rows.Count];
        for (var i = 0; i < runs.Length; i++)
            runs[i] = new(rows[i], Of(histories, rows[i].Key), messages.TryGetValue(rows[i].Key, out var unread) ? unread : []);
        return new(Fenced: false, runs, next, now) { Orders = orders };
    }

    private static List<T> Of<T>(Dictionary<long, List<T>> lists, long run)
    {
        if (!lists.TryGetValue(run, out var list)) lists.Add(run, list = []);
        return list;
    }
}
