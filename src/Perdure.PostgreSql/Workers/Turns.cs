using Perdure.PostgreSql.Access;

namespace Perdure.PostgreSql.Workers;

/// <summary>Turns at what one process shall do now and then.</summary>
internal sealed class Turns(Database database)
{
    private readonly string _take = database.Sql("""
        INSERT INTO {schema}.counter AS c (name, value) VALUES ('turn:' || $1, {schema}.clock())
        ON CONFLICT (name) DO UPDATE SET value = excluded.value WHERE c.value <= {schema}.clock() - $2 RETURNING 1
        """);

    public Task<bool> TakeAsync(string work, TimeSpan every, CancellationToken cancellationToken) => database.AskAsync(
        "take a turn", (this, work, every),
        static (question, state) => question.Say(state.Item1._take).Give(state.work).Give(state.every.Ticks / TimeSpan.TicksPerMicrosecond),
        static (reader, _, token) => reader.ReadAsync(token),
        cancellationToken);
}
