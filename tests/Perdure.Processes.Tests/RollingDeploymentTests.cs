using Microsoft.Extensions.DependencyInjection;
using Perdure.Testing.Shared.Postgres;

namespace Perdure.Processes.Tests;

/// <summary>Worker processes of two builds on one store, each with another version of a workflow.</summary>
public sealed class RollingDeploymentTests : IAsyncDisposable
{
    private const string Program = "Perdure.Processes.Worker";
    private const int Runs = 8;

    private static readonly Signal<int> Go = new("go");

    private readonly TempFolder _folder = new();
    private readonly Lazy<PostgresDatabase> _postgres = new();
    private ServiceProvider? _services;

    [Fact]
    public Task K3_EachBuildRunsItsOwnVersionOnly_AndWhatNoBuildHasIsBlockedUntilOneReturns_OnSqlite() => RollAsync(_folder.File("runs.db"));

    [PostgresFact]
    public Task K3_EachBuildRunsItsOwnVersionOnly_AndWhatNoBuildHasIsBlockedUntilOneReturns_OnPostgreSql() => RollAsync(_postgres.Value.ConnectionString);

    public async ValueTask DisposeAsync()
    {
        if (_services is not null) await _services.DisposeAsync();
        if (_postgres.IsValueCreated) _postgres.Value.Dispose();
        _folder.Dispose();
    }

    private async Task RollAsync(string database)
    {
        var services = new ServiceCollection();
        if (database.StartsWith("Host=", StringComparison.Ordinal)) services.AddPerdureClient(static o => o.AutoMigrate = true).UsePostgreSql(database);
        else services.AddPerdureClient().UseSqlite($"Data Source={database}");
        _services = services.BuildServiceProvider();
        var client = _services.GetRequiredService<IPerdureClient>();
        var effects = _folder.File("effects");

        await using var old = StartBuild(1);
        await using var next = StartBuild(2);
        await old.WroteAsync("registered");
        await next.WroteAsync("registered");
        var runs = new List<(int Version, RunHandle<string> Run)>();
        for (var i = 0; i < 2 * Runs; i++)
        {
            var version = 1 + i % 2;
            runs.Add((version, await client.StartAsync(new WorkflowDefinition<string, string>("rolling", version), $"v{version}-{i}")));
        }
        await Until.TrueAsync(() => CountEnds() == 2 * Runs, "all runs have done their first steps");
        // A step whose outcome is not recorded when its build dies is due at once, and then nobody may be alive who has its version.
        foreach (var (_, run) in runs)
            await Until.TrueAsync(async () => (await run.GetAsync()).Status == RunStatus.Suspended, "the run waits for its signal");

        // The old build dies, and another of it comes: the runs that it had are for that one, not for the worker that is there already.
        await old.KillAsync();
        await using var heir = StartBuild(1);
        await heir.WroteAsync("registered");
        foreach (var (version, run) in runs.Take(Runs)) await run.SignalAsync(Go, version);
        foreach (var (version, run) in runs.Take(Runs))
        {
            var worker = version == 1 ? heir : next;
            Assert.EndsWith($"/b/{worker.Id}", await run.ResultAsync(TimeSpan.FromMinutes(1)), StringComparison.Ordinal);
        }

        // Nobody is left who has the old version: what would go on says so, and waits.
        heir.Signal(Child.Terminate);
        Assert.Equal(0, await heir.ExitAsync());
        foreach (var (version, run) in runs.Skip(Runs)) await run.SignalAsync(Go, version);
        foreach (var (version, run) in runs.Skip(Runs).Where(static item => item.Version == 2))
            Assert.EndsWith($"/b/{next.Id}", await run.ResultAsync(TimeSpan.FromMinutes(1)), StringComparison.Ordinal);
        foreach (var (_, run) in runs.Skip(Runs).Where(static item => item.Version == 1))
        {
            await Until.TrueAsync(async () => (await run.GetAsync()).Status == RunStatus.Blocked, "the run is blocked");
            Assert.Equal("UnknownWorkflow", (await run.GetAsync()).BlockedReason);
        }
        await using var last = StartBuild(1);
        foreach (var (_, run) in runs.Skip(Runs).Where(static item => item.Version == 1))
            Assert.EndsWith($"/b/{last.Id}", await run.ResultAsync(TimeSpan.FromMinutes(1)), StringComparison.Ordinal);

        // While somebody had its version, no run was blocked.
        foreach (var (_, run) in runs.Take(Runs)) Assert.DoesNotContain(EventKind.RunBlocked, (await run.GetHistoryAsync()).Select(static e => e.Kind));

        Child StartBuild(int version) => Child.Start(
            Program, new Dictionary<string, string> { ["PERDURE_LEASE"] = "2s", ["PERDURE_POLL_INTERVAL"] = "200ms", ["PERDURE_KEEP_WARM"] = "10ms" },
            database, effects, "1", version.ToString(System.Globalization.CultureInfo.InvariantCulture));

        int CountEnds() => Until.LinesOf(effects).Count(static line => line.Contains(" a end", StringComparison.Ordinal));
    }
}
