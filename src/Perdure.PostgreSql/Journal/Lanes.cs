using Perdure.PostgreSql.Access;

namespace Perdure.PostgreSql.Journal;

/// <summary>The rows through which a worker writes. Whoever marks a worker dead marks its lanes, and from then on nothing passes.</summary>
internal sealed class Lanes(Database database)
{
    // A dead lane needs no barrier: nothing passes it any more. The row is read by a statement of its own, so that it is seen as it is when the lock was had.
    private readonly string _bar = database.Sql("""
        UPDATE {schema}.lane SET barrier = greatest(barrier, $3) WHERE worker = $1 AND no = $2 AND alive
        """);

    private readonly string _lastGroup = database.Sql("SELECT last_group FROM {schema}.lane WHERE worker = $1 AND no = $2");

    /// <summary>Keeps attempts up to <paramref name="number"/> out for ever, and answers whether that one is in.</summary>
    public Task<bool> ResolveAsync(long worker, int lane, long number, CancellationToken cancellationToken) => database.AskAsync(
        "resolve a group", (this, worker, lane, number),
        static (question, state) => question
            .Say(state.Item1._bar).Give(state.worker).Give(state.lane).Give(state.number)
            .Say(state.Item1._lastGroup).Give(state.worker).Give(state.lane),
        static async (reader, state, token) => await reader.ReadAsync(token) && reader.GetInt64(0) == state.number,
        cancellationToken);
}
