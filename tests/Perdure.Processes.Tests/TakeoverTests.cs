using Microsoft.Extensions.DependencyInjection;

namespace Perdure.Processes.Tests;

/// <summary>Several worker processes on one file: one freezes, dies or is stopped, another goes on.</summary>
public sealed class TakeoverTests : IAsyncDisposable
{
    private const string Program = "Perdure.Processes.Worker";
    private static readonly Dictionary<string, string> ShortLease = new() { ["PERDURE_LEASE"] = "1s", ["PERDURE_POLL_INTERVAL"] = "200ms" };

    private readonly TempFolder _folder = new();
    private readonly ServiceProvider _services;
    private readonly IPerdureClient _client;
    private readonly string _database;
    private readonly string _effects;

    public TakeoverTests()
    {
        (_database, _effects) = (_folder.File("runs.db"), _folder.File("effects"));
        var services = new ServiceCollection();
        services.AddPerdureClient().UseSqlite($"Data Source={_database}");
        _services = services.BuildServiceProvider();
        _client = _services.GetRequiredService<IPerdureClient>();
    }

    [Fact]
    public async Task M2_AFrozenWorkerWritesNothingAfterItsRunsWentToAnother()
    {
        var runs = new List<RunHandle>();
        for (var i = 0; i < 5; i++) runs.Add(await StartAsync("three-steps", "run" + i));
        await using var first = StartWorker(stepTime: 2000);
        await Until.TrueAsync(() => CountEffects("a begin") == 5, "the first worker is inside the bodies of all runs");

        await FreezeAsync(first);
        await using var second = StartWorker(stepTime: 10);
        foreach (var run in runs)
            Assert.EndsWith($"/c/{second.Id}", await run.ResultAsync<string>(TimeSpan.FromMinutes(1)), StringComparison.Ordinal);
        var before = await HistoriesAsync(runs);

        first.Signal(Child.Continue);
        await first.WroteAsync("was presumed dead");
        // It is registered anew and works again, which a run of its own shows once the other has gone.
        second.Signal(Child.Terminate);
        Assert.Equal(0, await second.ExitAsync());
        var last = await StartAsync("three-steps", "after");
        Assert.EndsWith($"/c/{first.Id}", await last.ResultAsync<string>(TimeSpan.FromMinutes(1)), StringComparison.Ordinal);

        Assert.Equal(before, await HistoriesAsync(runs));
        Assert.Equal(0, CountEffects($"b begin {first.Id}", except: "after"));
    }

    [Fact]
    public async Task M7_AKilledWorkersRunsGoOnElsewhere()
    {
        var run = await StartAsync("three-steps", "run");
        await using var first = StartWorker(stepTime: 1000);
        await Until.TrueAsync(() => CountEffects("b begin") == 1, "the first worker is inside the second step");
        // Killed before the other one is started, which may take longer than the step.
        await first.KillAsync();
        await using var second = StartWorker(stepTime: 10);

        Assert.Equal($"run/c/{second.Id}", await run.ResultAsync<string>(TimeSpan.FromMinutes(1)));
        Assert.Equal(1, CountEffects("a begin"));
        Assert.Equal(2, CountEffects("b begin"));
        Assert.Equal(1, CountEffects("c begin"));
        var steps = (await run.GetAsync(RunInclude.Steps)).Steps!;
        // The lost attempt has used up its number; it is no failure.
        Assert.Equal([1, 2, 1], steps.Select(step => step.Attempts));
    }

    [Fact]
    public async Task M9_ARunThatKillsItsProcessIsBlocked_AndOthersAreServed()
    {
        var killer = await StartAsync("killer", "bad");
        var good = await StartAsync("three-steps", "good");
        for (var starts = 0; starts < 12; starts++)
        {
            await using var worker = StartWorker(stepTime: 1);
            await Until.TrueAsync(async () => worker.HasExited || await killer.StatusAsync() == RunStatus.Blocked, "the worker dies or the run is blocked");
            if (!worker.HasExited) break;
        }

        var run = await killer.GetAsync();
        Assert.Equal(RunStatus.Blocked, run.Status);
        Assert.Equal("CrashLoop", run.BlockedReason);
        Assert.Equal(PerdureDefaults.MaxCrashes, run.Crashes);
        await using var last = StartWorker(stepTime: 1);
        await good.WaitAsync(TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task AWorkerWhoseThreadPoolIsStarved_KeepsItsLeaseAndItsRun()
    {
        var run = await StartAsync("starve", "run");
        // Two leases long; the other worker looks for the dead all the time.
        await using var first = StartWorker(stepTime: 12_000, lease: "6s");
        await Until.TrueAsync(() => CountEffects("starve begin") == 1, "the first worker has no thread to spare");
        await using var second = StartWorker(stepTime: 10);

        Assert.Equal($"run/starve/{first.Id}", await run.ResultAsync<string>(TimeSpan.FromMinutes(1)));
        Assert.Equal(1, CountEffects("starve begin"));
        Assert.Equal(0, (await run.GetAsync()).Crashes);
    }

    [Fact]
    public async Task M10_AStoppedWorkerGivesItsActivityBackWithTheAttemptRefunded()
    {
        var run = await StartAsync("one-activity", "run");
        await using var first = StartWorker(stepTime: 60_000, shutdownGrace: "500ms");
        await Until.TrueAsync(() => CountEffects("act begin") == 1, "the first worker runs the activity");

        first.Signal(Child.Terminate);
        Assert.Equal(0, await first.ExitAsync());
        await using var second = StartWorker(stepTime: 1);

        Assert.Equal(1, await run.ResultAsync<int>(TimeSpan.FromSeconds(30)));
        Assert.Equal(1, CountEffects($"act end {second.Id}"));
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>
    /// Freezes it between two transactions. A process that stands still inside of one keeps SQLite's write lock, and nobody else could go on.
    /// </summary>
    private static Task FreezeAsync(Child worker) => Until.TrueAsync(async () =>
    {
        worker.Signal(Child.Stop);
        await Until.TrueAsync(() => StandsStill(worker.Id), "every thread of the process stands still");
        if (!HoldsWriteLock(worker.Id)) return true;
        worker.Signal(Child.Continue);
        return false;
    }, "the worker is frozen between two transactions");

    private static bool StandsStill(int process) =>
        Directory.EnumerateDirectories($"/proc/{process}/task").All(thread => File.ReadAllText(Path.Combine(thread, "stat")).Split(") ")[^1][0] == 'T');

    /// <summary>The write lock of SQLite's log is byte 120 of its shared memory: https://www.sqlite.org/walformat.html.</summary>
    private static bool HoldsWriteLock(int process) =>
        File.ReadLines("/proc/locks").Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Any(words => words is [_, "POSIX", _, "WRITE", var owner, _, "120", "120"] && owner == $"{process}");

    private Child StartWorker(int stepTime, string shutdownGrace = "30s", string lease = "1s") =>
        Child.Start(Program, new Dictionary<string, string>(ShortLease) { ["PERDURE_SHUTDOWN_GRACE"] = shutdownGrace, ["PERDURE_LEASE"] = lease }, _database, _effects, stepTime.ToString(System.Globalization.CultureInfo.InvariantCulture));

    private Task<RunHandle> StartAsync(string workflow, string name) => _client.StartAsync(workflow, name, new() { AllowRemote = true });

    private int CountEffects(string what, string except = " ") =>
        Until.LinesOf(_effects).Count(line => line.Contains(what, StringComparison.Ordinal) && (except == " " || !line.StartsWith(except, StringComparison.Ordinal)));

    private async Task<List<string>> HistoriesAsync(List<RunHandle> runs)
    {
        var histories = new List<string>();
        foreach (var run in runs)
        {
            foreach (var e in await run.GetHistoryAsync())
                histories.Add($"{run.Id} {e} {e.Timestamp:O} {e.Operation} {e.Attempt} {e.Note} {e.Data}");
        }
        return histories;
    }
}
