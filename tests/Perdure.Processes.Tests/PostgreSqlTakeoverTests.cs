using Microsoft.Extensions.DependencyInjection;
using Perdure.Testing.Shared.Postgres;

namespace Perdure.Processes.Tests;

/// <summary>Several worker processes on one PostgreSQL, and a client without a worker: one freezes, dies or is stopped, another goes on.</summary>
public sealed class PostgreSqlTakeoverTests : IAsyncDisposable
{
    private const string Program = "Perdure.Processes.Worker";
    private const string LongLease = "1h";

    private readonly TempFolder _folder = new();
    private readonly Lazy<PostgresDatabase> _database = new();
    private readonly Lazy<ServiceProvider> _services;
    private readonly string _effects;

    public PostgreSqlTakeoverTests()
    {
        _effects = _folder.File("effects");
        _services = new(() =>
        {
            var services = new ServiceCollection();
            services.AddPerdureClient(static o => o.AutoMigrate = true).UsePostgreSql(_database.Value.ConnectionString);
            return services.BuildServiceProvider();
        });
    }

    private IPerdureClient Client => _services.Value.GetRequiredService<IPerdureClient>();

    [PostgresFact]
    public async Task M7_AKilledWorkersRunsGoOnElsewhere_LongBeforeItsLeaseEnds()
    {
        var runs = new List<RunHandle>();
        for (var i = 0; i < 5; i++) runs.Add(await StartAsync("three-steps", "run" + i));
        await using var first = StartWorker(stepTime: 3000, LongLease);
        await Until.TrueAsync(() => CountEffects("b begin") == 5, "the first worker is inside the second steps");
        await using var second = StartWorker(stepTime: 10, LongLease);
        await second.WroteAsync("registered");
        await first.KillAsync();

        foreach (var run in runs) Assert.EndsWith($"/c/{second.Id}", await run.ResultAsync<string>(TimeSpan.FromMinutes(1)), StringComparison.Ordinal);

        // What was recorded was not done again; the attempt that was lost was.
        Assert.Equal(5, CountEffects("a begin"));
        Assert.Equal(5, CountEffects("c begin"));
        foreach (var run in runs) Assert.Equal([1, 2, 1], (await run.GetAsync(RunInclude.Steps)).Steps!.Select(step => step.Attempts));
    }

    [PostgresFact]
    public async Task M2_AFrozenWorkerWritesNothingAfterItsRunsWentToAnother()
    {
        var runs = new List<RunHandle>();
        for (var i = 0; i < 5; i++) runs.Add(await StartAsync("three-steps", "run" + i));
        await using var first = StartWorker(stepTime: 2000, lease: "1s");
        await Until.TrueAsync(() => CountEffects("a begin") == 5, "the first worker is inside the bodies of all runs");

        first.Signal(Child.Stop);
        await using var second = StartWorker(stepTime: 10, lease: "1s");
        foreach (var run in runs) Assert.EndsWith($"/c/{second.Id}", await run.ResultAsync<string>(TimeSpan.FromMinutes(1)), StringComparison.Ordinal);
        var before = await EventsAsync(runs);

        first.Signal(Child.Continue);
        await first.WroteAsync("was presumed dead");
        second.Signal(Child.Terminate);
        Assert.Equal(0, await second.ExitAsync());
        var last = await StartAsync("three-steps", "after");
        Assert.EndsWith($"/c/{first.Id}", await last.ResultAsync<string>(TimeSpan.FromMinutes(1)), StringComparison.Ordinal);

        Assert.Equal(before, await EventsAsync(runs));
        Assert.Equal(0, Until.LinesOf(_effects).Count(line => line.Contains($"b begin {first.Id}", StringComparison.Ordinal) && !line.StartsWith("after", StringComparison.Ordinal)));
    }

    [PostgresFact]
    public async Task I40_AStoppedWorkerHandsItsRunsOver()
    {
        var run = await StartAsync("one-activity", "run");
        await using var first = StartWorker(stepTime: 60_000, LongLease, shutdownGrace: "500ms");
        await Until.TrueAsync(() => CountEffects("act begin") == 1, "the first worker runs the activity");
        await using var second = StartWorker(stepTime: 1, LongLease);
        await second.WroteAsync("registered");

        first.Signal(Child.Terminate);
        Assert.Equal(0, await first.ExitAsync());

        Assert.Equal(1, await run.ResultAsync<int>(TimeSpan.FromSeconds(30)));
        Assert.Equal(1, CountEffects($"act end {second.Id}"));
    }

    public async ValueTask DisposeAsync()
    {
        if (_services.IsValueCreated) await _services.Value.DisposeAsync();
        if (_database.IsValueCreated) _database.Value.Dispose();
        _folder.Dispose();
    }

    private Child StartWorker(int stepTime, string lease, string shutdownGrace = "30s") => Child.Start(
        Program, new Dictionary<string, string> { ["PERDURE_LEASE"] = lease, ["PERDURE_POLL_INTERVAL"] = "200ms", ["PERDURE_SHUTDOWN_GRACE"] = shutdownGrace },
        _database.Value.ConnectionString, _effects, stepTime.ToString(System.Globalization.CultureInfo.InvariantCulture));

    private Task<RunHandle> StartAsync(string workflow, string name) => Client.StartAsync(workflow, name, new() { AllowRemote = true });

    private int CountEffects(string what) => Until.LinesOf(_effects).Count(line => line.Contains(what, StringComparison.Ordinal));

    private static async Task<List<string>> EventsAsync(List<RunHandle> runs)
    {
        var events = new List<string>();
        foreach (var run in runs)
            foreach (var e in await run.GetHistoryAsync()) events.Add($"{run.Id} {e} {e.Timestamp:O} {e.Operation} {e.Attempt} {e.Note} {e.Data}");
        return events;
    }
}
