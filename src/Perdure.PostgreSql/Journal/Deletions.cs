using Perdure.PostgreSql.Access;

namespace Perdure.PostgreSql.Journal;

/// <summary>Removes closed runs. Start keys are remembered for some time, so that a late copy of a start creates nothing.</summary>
internal sealed class Deletions(Database database)
{
    private readonly string _forgetKeys = database.Sql("SELECT {schema}.forget_keys({schema}.clock() - $1, $2)");
    private readonly string _delete = database.Sql("SELECT ord, verdict FROM {schema}.delete_runs($1)");

    public async Task<IReadOnlyList<DeleteVerdict>> DeleteAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken) => await database.AskAsync(
        "delete runs", (this, ids),
        static (question, state) => question.Say(state.Item1._delete).Give(state.ids),
        static async (reader, state, token) =>
        {
            var verdicts = new DeleteVerdict[state.ids.Count];
            while (await reader.ReadAsync(token)) verdicts[reader.GetInt32(0) - 1] = (DeleteVerdict)reader.GetInt32(1);
            return verdicts;
        },
        cancellationToken);

    /// <summary>Forgets start keys whose time was over some time ago.</summary>
    public Task<int> ForgetKeysAsync(int limit, CancellationToken cancellationToken) => database.AskAsync(
        "forget start keys", (this, limit),
        static (question, state) => question.Say(state.Item1._forgetKeys).Give(StartKeys.Grace.Ticks / TimeSpan.TicksPerMicrosecond).Give(state.limit),
        static async (reader, _, token) =>
        {
            await reader.ReadAsync(token);
            return reader.GetInt32(0);
        },
        cancellationToken);
}
