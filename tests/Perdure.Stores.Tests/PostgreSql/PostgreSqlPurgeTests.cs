using Npgsql;
using Perdure.PostgreSql;
using Perdure.Storage;
using Perdure.Stores.Tests.Contract;
using Perdure.Testing.Shared.Postgres;

namespace Perdure.Stores.Tests.PostgreSql;

public sealed class PostgreSqlPurgeTests
{
    private const int Old = 2000;
    private const int Limit = 10;

    [PostgresFact]
    public async Task Purge_OfAFewAmongMany_LooksAtTheFamiliesOfThoseFewOnly()
    {
        using var database = new TestDatabase();
        var store = await database.OpenAsync(keywords: "Options=-c track_functions=all");
        // Nobody has counted these rows when the purge is planned.
        database.Execute($"""
            INSERT INTO perdure.run(key, owner, claim, inbox, due_at, created_at, updated_at, closed_at, deadline, term, events, version, priority, crashes, losses, max_crashes,
                semantics, status, phase, id, workflow, queue, waiting, published, result, failure)
            SELECT n, 0, 0, 0, 9223372036854775807, n, n, n, 9223372036854775807, 1, 0, 1, 0, 0, 0, 3, 1, {(int)RunStatus.Completed}, 0, 'old-' || n, 'w', 'default', '', '', '', ''
            FROM generate_series(1, {Old}) AS n
            """);

        var purged = await store.PurgeRunsAsync(new RunPurge { Rules = [new(RunStatus.Completed, TimeSpan.Zero)], Limit = Limit }, Make.Never);

        // A session counts for all to see when it ends, at the latest.
        await store.DisposeAsync();

        Assert.Equal(Limit, purged.Count);
        Assert.InRange(await CountLooksAsync(database), Limit, 3 * Limit);
    }

    /// <summary>How often the purge asked whether a run is in use. The server tells of it a moment later.</summary>
    private static async Task<long> CountLooksAsync(TestDatabase database)
    {
        await using var connection = new NpgsqlConnection(database.ConnectionString);
        await connection.OpenAsync(Make.Never);
        await using var command = new NpgsqlCommand("SELECT calls FROM pg_stat_user_functions WHERE schemaname = 'perdure' AND funcname = 'is_in_use'", connection);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            if (await command.ExecuteScalarAsync(patience.Token) is long and > 0 and var calls) return calls;
            await Task.Delay(50, patience.Token);
        }
    }
}
