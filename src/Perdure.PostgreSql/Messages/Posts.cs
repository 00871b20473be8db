using Npgsql;
using Perdure.PostgreSql.Access;

namespace Perdure.PostgreSql.Messages;

/// <summary>
/// Puts messages into inboxes. The inbox counter rises in the same transaction, and an owner lets go of a run only at a counter that it has seen.
/// </summary>
internal sealed class Posts(Database database)
{
    private readonly string _post = database.Sql("SELECT ord, verdict, key, status::integer, phase::integer FROM {schema}.post_messages_limited($1, $2, $3, $4, $5, $6, $7)");
    private readonly string _reopen = database.Sql("SELECT 1, verdict, key, status::integer, phase::integer FROM {schema}.reopen_run($1, $2, $3, $4, $5, $6, $7)");

    public async Task<IReadOnlyList<PostOutcome>> PostAsync(IReadOnlyList<OutgoingMessage> messages, CancellationToken cancellationToken)
    {
        if (messages.Count == 0) return [];
        return await database.AskAsync(
            "post messages", (this, messages),
            static (question, state) => state.Item1.Ask(question, state.messages),
            static async (reader, state, token) =>
            {
                var outcomes = new PostOutcome[state.messages.Count];
                while (await reader.ReadAsync(token)) outcomes[reader.GetInt32(0) - 1] = Read(reader);
                return outcomes;
            },
            cancellationToken);
    }

    public Task<PostOutcome> ReopenAsync(OutgoingMessage message, CancellationToken cancellationToken) => database.AskAsync(
        "reopen a run", (this, message),
        static (question, state) => question.Say(state.Item1._reopen).Give(state.message.RunKey).Give(state.message.RunId)
            .Give(FreeText.Write(state.message.Id)).Give((int)state.message.Kind).Give(state.message.Name).Give(state.message.Payload).Give(state.message.SeenEvents),
        static async (reader, _, token) =>
        {
            await reader.ReadAsync(token);
            return Read(reader);
        },
        cancellationToken);

    private void Ask(Question question, IReadOnlyList<OutgoingMessage> messages)
    {
        var count = messages.Count;
        var (keys, kinds) = (new long[count], new int[count]);
        var (runIds, ids, names) = (new string?[count], new string?[count], new string?[count]);
        var payloads = new List<ReadOnlyMemory<byte>>(count);
        for (var i = 0; i < count; i++)
        {
            var message = messages[i];
            (keys[i], kinds[i], runIds[i], ids[i], names[i]) = (message.RunKey, (int)message.Kind, message.RunId, FreeText.Write(message.Id), message.Name);
            payloads.Add(message.Payload);
        }
        question.Say(_post).Give(keys).Give(runIds).Give(ids).Give(kinds).Give(names).Give(payloads).Give(PerdureDefaults.MaxPendingSignals);
    }

    private static PostOutcome Read(NpgsqlDataReader row)
    {
        var verdict = (PostVerdict)row.GetInt32(1);
        return verdict == PostVerdict.NotFound ? new(verdict, 0, default, default) : new(verdict, row.GetInt64(2), (RunStatus)row.GetInt32(3), (RunPhase)row.GetInt32(4));
    }
}
