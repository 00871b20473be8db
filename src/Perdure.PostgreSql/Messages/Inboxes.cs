using Npgsql;
using Perdure.PostgreSql.Access;

namespace Perdure.PostgreSql.Messages;

/// <summary>Reads what has arrived for runs, together with the counters that belong to it.</summary>
internal sealed class Inboxes(Database database)
{
    private const string Columns = "m.run, m.pos, m.id, m.kind, m.name, m.payload, m.at";

    // One statement, so that counter and messages belong together. Messages are few, so they lead to the runs.
    private readonly string _ofRuns = database.Sql($$"""
        SELECT {{Columns}}, r.inbox FROM {schema}.message AS m JOIN {schema}.run AS r ON r.key = m.run
        WHERE r.owner = $1 AND m.run = ANY($2) ORDER BY m.run, m.pos
        """);

    private readonly string _ofAll = database.Sql($$"""
        SELECT {{Columns}}, r.inbox FROM {schema}.message AS m JOIN {schema}.run AS r ON r.key = m.run
        WHERE r.owner = $1 ORDER BY m.run, m.pos
        """);

    public async Task<IReadOnlyList<Inbox>> ReadOwnedAsync(long worker, IReadOnlyList<long>? runs, CancellationToken cancellationToken) => await database.AskAsync(
        "read messages", (this, worker, runs),
        static (question, state) =>
        {
            question.Say(state.runs is null ? state.Item1._ofAll : state.Item1._ofRuns).Give(state.worker);
            if (state.runs is not null) question.Give(state.runs);
        },
        static async (reader, _, token) =>
        {
            var inboxes = new List<Inbox>();
            var messages = new List<InboxMessage>();
            while (await reader.ReadAsync(token))
            {
                var run = reader.GetInt64(0);
                if (inboxes.Count == 0 || inboxes[^1].Run != run) inboxes.Add(new(run, reader.GetInt64(7), messages = []));
                messages.Add(Read(reader));
            }
            return inboxes;
        },
        cancellationToken);

    /// <summary>A message from a row that begins with the run, position, id, kind, name, payload and instant.</summary>
    public static InboxMessage Read(NpgsqlDataReader row) => new(
        row.GetInt64(1), FreeText.Read(row.GetString(2))!, (MessageKind)row.GetInt32(3), row.GetString(4), row.GetFieldValue<byte[]>(5), new(row.GetInt64(6)));
}
