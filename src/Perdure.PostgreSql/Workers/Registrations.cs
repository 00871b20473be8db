using Perdure.PostgreSql.Access;

namespace Perdure.PostgreSql.Workers;

/// <summary>Workers come and go. Also hands out run keys.</summary>
internal sealed class Registrations(Database database)
{
    private readonly string _register = database.Sql("SELECT key, now_us FROM {schema}.register_worker($1, $2, $3, $4, $5, $6)");
    private readonly string _retire = database.Sql("SELECT {schema}.retire_worker($1)");

    private readonly string _takeKeys = database.Sql("""
        UPDATE {schema}.counter SET value = value + $1 WHERE name = 'run' RETURNING value, {schema}.clock()
        """);

    public Task<WorkerGrant> RegisterAsync(WorkerRegistration registration, CancellationToken cancellationToken) => database.AskAsync(
        "register a worker", (this, registration),
        static (question, state) => question.Say(state.Item1._register).Give(state.registration.Id).Give(state.registration.Name)
            .Give(state.registration.Lease.Ticks / TimeSpan.TicksPerMicrosecond).Give(state.registration.Lanes).Give(state.registration.Activities!).Give(WorkflowCode.Numbers(state.registration.Workflows)!),
        static async (reader, _, token) =>
        {
            await reader.ReadAsync(token);
            return new WorkerGrant(reader.GetInt64(0), new(reader.GetInt64(1)));
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
            static (question, state) => question.Say(state.Item1._takeKeys).Give((long)state.count),
            static async (reader, state, token) =>
            {
                await reader.ReadAsync(token);
                return new KeyBlock(reader.GetInt64(0) - state.count + 1, state.count, new(reader.GetInt64(1)));
            },
            cancellationToken);
    }
}
