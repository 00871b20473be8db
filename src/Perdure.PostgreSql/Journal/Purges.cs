using Perdure.PostgreSql.Access;

namespace Perdure.PostgreSql.Journal;

/// <summary>Deletes closed runs by their age.</summary>
internal sealed class Purges(Database database)
{
    private static readonly RunStatus Last = Enum.GetValues<RunStatus>().Max();

    private readonly string _purge = database.Sql("SELECT status, count, next_created, next_id FROM {schema}.purge_runs($1, $2, $3, $4, $5)");

    public Task<PurgedRuns> PurgeAsync(RunPurge purge, CancellationToken cancellationToken) => database.AskAsync(
        "delete old runs", (this, purge),
        static (question, state) => question.Say(state.Item1._purge).Give(Ages(state.purge.Rules)).Give(state.purge.Limit).Give(state.purge.DryRun)
            .Give(state.purge.After?.CreatedAt.Micros ?? long.MinValue).Give(state.purge.After?.Id ?? ""),
        static async (reader, _, token) =>
        {
            await reader.ReadAsync(token);
            var next = reader.IsDBNull(2) ? null : new RunCursor(new(reader.GetInt64(2)), reader.GetString(3));
            var counts = new Dictionary<RunStatus, int>();
            while (await reader.ReadAsync(token)) counts.Add((RunStatus)reader.GetInt32(0), (int)reader.GetInt64(1));
            return new PurgedRuns(counts, next);
        },
        cancellationToken);

    /// <summary>Microseconds for each terminal status, in their order; null where runs stay for ever.</summary>
    private static long?[] Ages(IReadOnlyList<PurgeRule> rules)
    {
        var ages = new long?[Last - RunStatus.Completed + 1];
        foreach (var rule in rules) ages[rule.Status - RunStatus.Completed] = rule.Age.Ticks / TimeSpan.TicksPerMicrosecond;
        return ages;
    }
}
