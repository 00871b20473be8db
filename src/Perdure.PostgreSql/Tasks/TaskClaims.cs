using Npgsql;
using Perdure.PostgreSql.Access;

namespace Perdure.PostgreSql.Tasks;

/// <summary>Gives due tasks to a worker, and those of any queue that have waited too long.</summary>
internal sealed class TaskClaims(Database database)
{
    private const string Columns = "run, op, token, run_id, number, activity, queue, close_deadline, crashes, options, details, input, expired, next_due, now_us, slot";

    private readonly string _claim = database.Sql($"SELECT {Columns}, revision, paused FROM {{schema}}.take_tasks($1, $2, $3, $4, $5, $6, $7, $8)");

    // As the claim answers: the tasks, and a last row with the clock. Which queues were asked for is not known here; whatever is due there is found by the next claim.
    private readonly string _taken = database.Sql("""
        SELECT t.run, t.op, t.token, r.id, t.used + t.token, t.activity, t.queue, t.close_deadline, t.crashes, t.options, t.details, t.input, t.expired,
            NULL::bigint, NULL::bigint, t.slot
        FROM {schema}.task AS t LEFT JOIN {schema}.run AS r ON r.key = t.run WHERE t.owner > 0 AND t.owner = $1 AND t.claim = $2 ORDER BY t.run, t.op
        """);

    private readonly string _now = database.Sql("SELECT {schema}.clock()");

    public Task<ClaimedTasks> ClaimAsync(TaskClaim claim, CancellationToken cancellationToken) => database.AskAsync(
        "claim tasks", (this, claim),
        static (question, state) =>
        {
            var (stamp, slots) = (state.claim.Stamp, state.claim.Slots);
            var (queues, free) = (new string?[slots.Count], new int[slots.Count]);
            for (var i = 0; i < free.Length; i++) (queues[i], free[i]) = (slots[i].Queue, slots[i].Free);
            question.Say(state.Item1._claim).Give(stamp.Worker).Give(stamp.Lane).Give(stamp.Number).Give(stamp.Previous)
                .Give(queues).Give(free).Give(state.claim.Suspects).Give(state.claim.Activities);
        },
        static async (reader, _, token) =>
        {
            var tasks = new List<ClaimedTask>();
            while (await reader.ReadAsync(token))
            {
                if (reader.IsDBNull(0)) break;
                tasks.Add(Read(reader));
            }
            var fenced = reader.IsDBNull(13);
            return new ClaimedTasks(fenced, tasks, fenced ? Instant.Never : new(reader.GetInt64(13)), new(reader.GetInt64(14)))
            {
                Orders = fenced ? default : new(reader.GetInt64(16), reader.GetBoolean(17)),
            };
        },
        cancellationToken);

    public Task<ClaimedTasks> RecallAsync(long worker, long number, CancellationToken cancellationToken) => database.AskAsync(
        "recall a claim of tasks", (this, worker, number),
        static (question, state) => question.Say(state.Item1._now).Say(state.Item1._taken).Give(state.worker).Give(state.number),
        static async (reader, _, token) =>
        {
            await reader.ReadAsync(token);
            var now = new Instant(reader.GetInt64(0));
            await reader.NextResultAsync(token);
            var tasks = new List<ClaimedTask>();
            while (await reader.ReadAsync(token)) tasks.Add(Read(reader));
            return new ClaimedTasks(Fenced: false, tasks, now, now);
        },
        cancellationToken);

    private static ClaimedTask Read(NpgsqlDataReader row) => new()
    {
        Attempt = new(row.GetInt64(0), row.GetInt32(1), row.GetInt64(2)),
        RunId = row.GetString(3),
        Number = (int)row.GetInt64(4),
        Activity = row.GetString(5),
        Queue = row.GetString(6),
        CloseDeadline = new(row.GetInt64(7)),
        Crashes = row.GetInt32(8),
        Options = row.GetFieldValue<byte[]>(9),
        Details = row.GetFieldValue<byte[]>(10),
        Input = row.GetFieldValue<byte[]>(11),
        Expired = row.GetBoolean(12),
        HoldsSlot = row.GetBoolean(15),
    };
}
