using Perdure.PostgreSql.Access;

namespace Perdure.PostgreSql.Reading;

/// <summary>Reads single runs and histories.</summary>
internal sealed class RunReads(Database database)
{
    private const string Select = $$"""SELECT {{RunRows.Columns}} FROM {schema}.run AS r LEFT JOIN {schema}.event AS e ON e.run = r.key AND e.seq = 0""";

    private readonly string _byId = database.Sql(Select + " WHERE r.id = $1");
    private readonly string _byKey = database.Sql(Select + " WHERE r.key = $1");
    private readonly string _byStartKey = database.Sql(Select + " WHERE r.key = (SELECT k.run FROM {schema}.start_key AS k WHERE k.key = $1 AND (k.free_at IS NULL OR k.free_at > {schema}.clock()))");

    private readonly string _tasks = database.Sql("SELECT op, activity, queue, due_at, owner FROM {schema}.task WHERE run = $1 ORDER BY op");

    private readonly string _history = database.Sql("""
        SELECT seq, count, bytes FROM {schema}.event
        WHERE run = $1 AND seq >= coalesce((SELECT e.seq FROM {schema}.event AS e WHERE e.run = $1 AND e.seq <= $2 ORDER BY e.seq DESC LIMIT 1), 0) ORDER BY seq
        """);

    public Task<RunRecord?> ReadAsync(RunSelector selector, CancellationToken cancellationToken) => database.AskAsync(
        "read a run", (this, selector),
        static (question, state) => _ = state.selector switch
        {
            { Id: { } id } => question.Say(state.Item1._byId).Give(id),
            { StartKey: { } startKey } => question.Say(state.Item1._byStartKey).Give(FreeText.Write(startKey)),
            _ => question.Say(state.Item1._byKey).Give(state.selector.Key),
        },
        static async (reader, _, token) => await reader.ReadAsync(token) ? RunRows.Read(reader) : null,
        cancellationToken);

    public async Task<IReadOnlyList<TaskRecord>> ReadTasksAsync(long run, CancellationToken cancellationToken) => await database.AskAsync(
        "read the activities of a run", (this, run),
        static (question, state) => question.Say(state.Item1._tasks).Give(state.run),
        static async (reader, _, token) =>
        {
            var tasks = new List<TaskRecord>();
            while (await reader.ReadAsync(token)) tasks.Add(new(reader.GetInt32(0), reader.GetString(1), reader.GetString(2), new(reader.GetInt64(3)), reader.GetInt64(4)));
            return tasks;
        },
        cancellationToken);

    public async Task<IReadOnlyList<EventBatch>> ReadHistoryAsync(long run, int fromSequence, CancellationToken cancellationToken) => await database.AskAsync(
        "read a history", (this, run, fromSequence),
        static (question, state) => question.Say(state.Item1._history).Give(state.run).Give(state.fromSequence),
        static async (reader, state, token) =>
        {
            var batches = new List<EventBatch>();
            while (await reader.ReadAsync(token))
            {
                var batch = new EventBatch(reader.GetInt32(0), reader.GetInt32(1), reader.GetFieldValue<byte[]>(2));
                if (batch.End > state.fromSequence) batches.Add(batch);
            }
            return batches;
        },
        cancellationToken);
}
