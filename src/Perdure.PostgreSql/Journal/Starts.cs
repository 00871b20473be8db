using Perdure.PostgreSql.Access;

namespace Perdure.PostgreSql.Journal;

/// <summary>Creates runs that nobody owns yet.</summary>
internal sealed class Starts(Database database)
{
    private readonly string _give = database.Sql(
        $$"""SELECT ord, verdict, key, id, status::integer FROM {schema}.give_births({{string.Join(", ", Enumerable.Range(1, BirthColumns.Parameters).Select(static i => "$" + i))}})""");

    private readonly string _writeQueueing = QueueingColumns.Text(database);

    private readonly string _writeKeys = KeyColumns.Text(database);

    private readonly string _signalled = database.Sql(
        $$"""SELECT verdict, key, id, status, sent, sent_status, sent_phase, sent_key FROM {schema}.start_with_signal_2({{string.Join(", ", Enumerable.Range(1, BirthColumns.Parameters + 4).Select(static i => "$" + i))}})""");

    /// <summary>A start that brings a signal along: the run that is there gets it, or the run that is made.</summary>
    public async Task<SignalledStart> StartAsync(RunBirth birth, OutgoingMessage signal, CancellationToken cancellationToken)
    {
        var columns = new BirthColumns();
        columns.Add(birth, owner: 0, birth.Events);
        var queueing = new QueueingColumns();
        queueing.Add(birth);
        var keys = new KeyColumns();
        keys.Add(birth);
        return await database.AskAsync(
            "start a run with a signal", (this, columns, queueing, keys, signal),
            static (question, state) =>
            {
                state.columns.Give(question.Say(state.Item1._signalled));
                question.Give(FreeText.Write(state.signal.Id)).Give(state.signal.Name).Give(state.signal.Payload).Give(PerdureDefaults.MaxPendingSignals);
                if (!state.queueing.IsEmpty) state.queueing.Give(question.Say(state.Item1._writeQueueing));
                if (!state.keys.IsEmpty) state.keys.Give(question.Say(state.Item1._writeKeys));
            },
            static async (reader, _, token) =>
            {
                await reader.ReadAsync(token);
                var outcome = BirthAnswer.Read(reader, key: 1, verdict: 0, status: 3, id: 2);
                PostOutcome? sent = reader.IsDBNull(4) ? null
                    : new PostOutcome((PostVerdict)reader.GetInt32(4), reader.GetInt64(7), (RunStatus)reader.GetInt32(5), (RunPhase)reader.GetInt32(6));
                return new SignalledStart(outcome, sent);
            },
            cancellationToken);
    }

    public async Task<IReadOnlyList<BirthOutcome>> StartAsync(IReadOnlyList<RunBirth> births, CancellationToken cancellationToken)
    {
        if (births.Count == 0) return [];
        var columns = new BirthColumns();
        var queueing = new QueueingColumns();
        var keys = new KeyColumns();
        foreach (var birth in births)
        {
            columns.Add(birth, owner: 0, birth.Events);
            queueing.Add(birth);
            keys.Add(birth);
        }
        return await database.AskAsync(
            "start runs", (this, births, columns, queueing, keys),
            static (question, state) =>
            {
                state.columns.Give(question.Say(state.Item1._give));
                if (!state.queueing.IsEmpty) state.queueing.Give(question.Say(state.Item1._writeQueueing));
                if (!state.keys.IsEmpty) state.keys.Give(question.Say(state.Item1._writeKeys));
            },
            static async (reader, state, token) =>
            {
                var outcomes = new BirthOutcome[state.births.Count];
                for (var i = 0; i < outcomes.Length; i++) outcomes[i] = new(BirthVerdict.Created, state.births[i].Key, state.births[i].Id, RunStatus.Pending);
                while (await reader.ReadAsync(token)) outcomes[reader.GetInt32(0) - 1] = BirthAnswer.Read(reader, key: 2, verdict: 1, status: 4, id: 3);
                return outcomes;
            },
            cancellationToken);
    }
}
