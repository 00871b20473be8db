using Npgsql;
using Perdure.PostgreSql.Access;
using Perdure.PostgreSql.Schema;

namespace Perdure.PostgreSql.Workers;

/// <summary>Workers come and go. Also hands out run keys.</summary>
internal sealed class Registrations(Database database, int knownSchema)
{
    // A newer build may have migrated the schema since this one began. Tests make stores of older builds, which did not ask.
    private readonly string? _check = knownSchema < Migration.FirstThatSaysOldest ? null : database.Sql("SELECT {schema}.check_build($1)");

    private readonly string _register = database.Sql("SELECT key, now_us, revision, paused FROM {schema}.register_worker($1, $2, $3, $4, $5, $6, $7, $8)");
    private readonly string _retire = database.Sql("SELECT {schema}.retire_worker($1)");

    private readonly string _takeKeys = database.Sql("""
        UPDATE {schema}.counter SET value = value + $1 WHERE name = 'run' RETURNING value, {schema}.clock()
        """);

    public Task<WorkerGrant> RegisterAsync(WorkerRegistration registration, CancellationToken cancellationToken) => database.AskAsync(
        "register a worker", (this, registration),
        static (question, state) => state.Item1.Check(question).Say(state.Item1._register).Give(state.registration.Id).Give(state.registration.Name)
            .Give(state.registration.Lease.Ticks / TimeSpan.TicksPerMicrosecond).Give(state.registration.Lanes).Give(state.registration.Activities!).Give(WorkflowCode.Numbers(state.registration.Workflows)!)
            .Give(WorkerAbout.Write(state.registration)).Give(state.registration.Before),
        static async (reader, state, token) =>
        {
            await state.Item1.PassCheckAsync(reader, token);
            await reader.ReadAsync(token);
            return new WorkerGrant(reader.GetInt64(0), new(reader.GetInt64(1))) { Orders = new(reader.GetInt64(2), reader.GetBoolean(3)) };
        },
        cancellationToken);

    /// <summary>A worker's own farewell: nothing that it leaves counts as lost.</summary>
    public Task RetireAsync(long worker, CancellationToken cancellationToken) => database.AskAsync(
        "retire a worker", (this, worker),
        static (question, state) => question.Say(state.Item1._retire).Give(state.worker),
        static (_, _, _) => Task.FromResult(true),
        cancellationToken);

    public Task<KeyBlock> ReserveKeysAsync(int count, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return database.AskAsync(
            "reserve run keys", (this, count),
            static (question, state) => state.Item1.Check(question).Say(state.Item1._takeKeys).Give((long)state.count),
            static async (reader, state, token) =>
            {
                await state.Item1.PassCheckAsync(reader, token);
                await reader.ReadAsync(token);
                return new KeyBlock(reader.GetInt64(0) - state.count + 1, state.count, new(reader.GetInt64(1)));
            },
            cancellationToken);
    }

    /// <summary>Asks first whether this build may work on; if it may not, what follows is not done.</summary>
    private Question Check(Question question)
    {
        if (_check is not null) question.Say(_check).Give(knownSchema);
        return question;
    }

    private async Task PassCheckAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        if (_check is not null) await reader.NextResultAsync(cancellationToken);
    }
}
