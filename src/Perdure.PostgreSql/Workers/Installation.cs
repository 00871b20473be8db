using Perdure.PostgreSql.Access;

namespace Perdure.PostgreSql.Workers;

/// <summary>What the installation keeps for all processes: written once, read for ever.</summary>
internal sealed class Installation(Database database)
{
    private readonly string _keep = database.Sql("INSERT INTO {schema}.installation(name, value) VALUES ($1, $2) ON CONFLICT DO NOTHING");
    private readonly string _read = database.Sql("SELECT value FROM {schema}.installation WHERE name = $1");

    public Task<ReadOnlyMemory<byte>> KeepAsync(string name, ReadOnlyMemory<byte> value, CancellationToken cancellationToken) => database.AskAsync(
        "keep something for the installation", (this, name, value),
        static (question, state) => question.Say(state.Item1._keep).Give(state.name).Give(state.value).Say(state.Item1._read).Give(state.name),
        static async (reader, _, token) =>
        {
            await reader.ReadAsync(token);
            return (ReadOnlyMemory<byte>)reader.GetFieldValue<byte[]>(0);
        },
        cancellationToken);
}
