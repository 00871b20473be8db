using Npgsql;
using Perdure.PostgreSql.Access;

namespace Perdure.PostgreSql.Workers;

/// <summary>What operators order of workers, and the workers as others see them.</summary>
internal sealed class WorkerRows(Database database)
{
    private readonly string _change = database.Sql("SELECT {schema}.change_worker($1, $2, $3, $4, $5)");

    // A row for each worker, and one for each queue of which it has activities.
    private readonly string _list = database.Sql("""
        SELECT w.key, w.id, w.name, w.registered_at, w.lease_until, w.activities, w.about, w.paused_at, w.paused_by, w.pause_reason, w.revision,
            (SELECT count(*) FROM {schema}.run r WHERE r.owner > 0 AND r.owner = w.key)
        FROM {schema}.worker w WHERE w.alive AND ($1::bigint IS NULL OR w.key = $1) ORDER BY w.key
        """);

    private readonly string _tasks = database.Sql("""
        SELECT t.owner, t.queue, count(*) FROM {schema}.task t WHERE t.owner > 0 AND ($1::bigint IS NULL OR t.owner = $1) GROUP BY t.owner, t.queue
        """);

    public Task<WorkerRecord?> ChangeAsync(WorkerChange change, CancellationToken cancellationToken) => database.AskAsync(
        "change a worker", (this, change),
        static (question, state) =>
        {
            var change = state.change;
            question.Say(state.Item1._change).Give(change.Worker).Give(change.Paused).Give(FreeText.Write(change.By)).Give(FreeText.Write(change.Reason)).Give(change.After);
            state.Item1.AskFor(question, change.Worker);
        },
        static async (reader, _, token) =>
        {
            await reader.NextResultAsync(token);
            var workers = await ReadAsync(reader, token);
            return workers.Count == 0 ? null : workers[0];
        },
        cancellationToken);

    public Task<IReadOnlyList<WorkerRecord>> ListAsync(CancellationToken cancellationToken) => database.AskAsync(
        "list workers", this,
        static (question, rows) => rows.AskFor(question, worker: null),
        static async (reader, _, token) => (IReadOnlyList<WorkerRecord>)await ReadAsync(reader, token),
        cancellationToken);

    private void AskFor(Question question, long? worker) => question.Say(_list).Give(worker).Say(_tasks).Give(worker);

    private static async Task<List<WorkerRecord>> ReadAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        var workers = new List<WorkerRecord>();
        while (await reader.ReadAsync(cancellationToken)) workers.Add(Read(reader));
        await reader.NextResultAsync(cancellationToken);
        var held = new Dictionary<long, Dictionary<string, int>>();
        while (await reader.ReadAsync(cancellationToken))
        {
            if (!held.TryGetValue(reader.GetInt64(0), out var ofWorker)) held[reader.GetInt64(0)] = ofWorker = new(StringComparer.Ordinal);
            ofWorker[reader.GetString(1)] = (int)reader.GetInt64(2);
        }
        return workers.ConvertAll(worker => held.TryGetValue(worker.Worker, out var ofWorker) ? worker with { HeldTasks = ofWorker } : worker);
    }

    private static WorkerRecord Read(NpgsqlDataReader row)
    {
        var worker = new WorkerRecord(row.GetInt64(0), row.GetGuid(1), row.GetString(2), new(row.GetInt64(3)), new(row.GetInt64(4)))
        {
            Activities = row.IsDBNull(5) ? [] : row.GetFieldValue<string[]>(5),
            Pause = row.IsDBNull(7) ? null : new WorkerPause(new(row.GetInt64(7)), FreeText.Read(TextOrNull(row, 8)), FreeText.Read(TextOrNull(row, 9))),
            Revision = row.GetInt64(10),
            HeldRuns = (int)row.GetInt64(11),
        };
        return WorkerAbout.Read(worker, TextOrNull(row, 6));
    }

    private static string? TextOrNull(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
