using Perdure.PostgreSql.Access;

namespace Perdure.PostgreSql.Journal;

/// <summary>Creates runs that nobody owns yet.</summary>
internal sealed class Starts(Database database)
{
    private readonly string _give = database.Sql(
        $$"""SELECT ord, verdict, key, id, status::integer FROM {schema}.give_births({{string.Join(", ", Enumerable.Range(1, BirthColumns.Parameters).Select(static i => "$" + i))}})""");

    public async Task<IReadOnlyList<BirthOutcome>> StartAsync(IReadOnlyList<RunBirth> births, CancellationToken cancellationToken)
    {
        if (births.Count == 0) return [];
        var columns = new BirthColumns();
        foreach (var birth in births) columns.Add(birth, owner: 0, birth.Events);
        return await database.AskAsync(
            "start runs", (this, births, columns),
            static (question, state) => state.columns.Give(question.Say(state.Item1._give)),
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
