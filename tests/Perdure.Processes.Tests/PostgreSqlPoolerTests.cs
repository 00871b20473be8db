using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Perdure.Testing.Shared.Postgres;

namespace Perdure.Processes.Tests;

/// <summary>
/// Workers and clients behind PgBouncer in transaction mode, which gives every transaction one of three connections of the server: nothing may be kept in a session.
/// </summary>
public sealed class PostgreSqlPoolerTests : IAsyncDisposable
{
    private const int Runs = 40;

    private readonly TempFolder _folder = new();
    private readonly PostgresDatabase _database = new();
    private readonly PostgresPooler _pooler;
    private readonly ServiceProvider _services;
    private readonly string _effects;

    public PostgreSqlPoolerTests()
    {
        _effects = _folder.File("effects");
        _pooler = new(_database.Name);
        var services = new ServiceCollection();
        services.AddPerdureClient(static o => o.AutoMigrate = true).UsePostgreSql(_pooler.ConnectionString, configure: static options => options.Pooled = true);
        _services = services.BuildServiceProvider();
    }

    private IPerdureClient Client => _services.GetRequiredService<IPerdureClient>();

    [PostgresPoolerFact]
    public async Task BehindAPooler_TwoWorkersDoEachStepOnce_AndSignalsArrive()
    {
        await using var first = StartWorker(stepTime: 5, "10s");
        await using var second = StartWorker(stepTime: 5, "10s");
        var runs = await Task.WhenAll(Enumerable.Range(0, Runs).Select(i => StartAsync(i % 2 == 0 ? "three-steps" : "rolling", "run" + i)));
        await Task.WhenAll(runs.Where(static (_, i) => i % 2 == 1).Select(static run => run.SignalAsync("go", 1)));

        foreach (var run in runs) await run.ResultAsync<string>(TimeSpan.FromMinutes(1));

        Assert.Equal(Runs, CountEffects("a begin"));
        Assert.Equal(Runs, CountEffects("b begin"));
        Assert.Equal(Runs / 2, CountEffects("c begin"));
        // They did come through the pooler, and prepared nothing there.
        Assert.InRange(CountServerConnections(), 1, 3);
    }

    [PostgresPoolerFact]
    public async Task BehindAPooler_AKilledWorkersRunsGoOnElsewhere_WhenItsLeaseEnds()
    {
        var runs = await Task.WhenAll(Enumerable.Range(0, 5).Select(i => StartAsync("three-steps", "run" + i)));
        await using var first = StartWorker(stepTime: 3000, "2s");
        await Until.TrueAsync(() => CountEffects("b begin") == 5, "the first worker is inside the second steps");
        await using var second = StartWorker(stepTime: 10, "2s");
        await second.WroteAsync("registered");
        await first.KillAsync();

        foreach (var run in runs) Assert.EndsWith($"/c/{second.Id}", await run.ResultAsync<string>(TimeSpan.FromMinutes(1)), StringComparison.Ordinal);

        Assert.Equal(5, CountEffects("a begin"));
        Assert.Equal(5, CountEffects("c begin"));
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        _pooler.Dispose();
        _database.Dispose();
        _folder.Dispose();
    }

    private Child StartWorker(int stepTime, string lease) => Child.Start(
        "Perdure.Processes.Worker", new Dictionary<string, string> { ["PERDURE_LEASE"] = lease, ["PERDURE_POLL_INTERVAL"] = "200ms", ["PERDURE_TEST_POOLED"] = "1" },
        _pooler.ConnectionString, _effects, stepTime.ToString(System.Globalization.CultureInfo.InvariantCulture));

    private Task<RunHandle> StartAsync(string workflow, string name) => Client.StartAsync(workflow, name, new() { AllowRemote = true });

    private int CountEffects(string what) => Until.LinesOf(_effects).Count(line => line.Contains(what, StringComparison.Ordinal));

    /// <summary>What the server has for the database besides the question itself.</summary>
    private int CountServerConnections()
    {
        using var connection = new NpgsqlConnection(_database.ConnectionString + ";Pooling=false");
        connection.Open();
        using var command = new NpgsqlCommand("SELECT count(*)::integer FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'", connection);
        return (int)command.ExecuteScalar()!;
    }
}
