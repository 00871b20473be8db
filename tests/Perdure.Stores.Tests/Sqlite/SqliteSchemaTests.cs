using Perdure.Sqlite;
using Perdure.Sqlite.Schema;
using Perdure.Storage;
using Perdure.Stores.Tests.Contract;
using Perdure.Stores.Tests.Processes;
using Perdure.Testing.Shared;

namespace Perdure.Stores.Tests.Sqlite;

public sealed class SqliteSchemaTests
{
    private static readonly Migration Next = new(Migrations.All[^1].Version + 1, "a test", "ALTER TABLE perdure_run ADD COLUMN note TEXT", Oldest: Migrations.All[^1].Version + 1);
    private static readonly Migration Broken = Next with { Script = "ALTER TABLE perdure_run ADD COLUMN note TEXT; CREATE TABLE perdure_run(key INTEGER)" };

    [Fact]
    public async Task Initialize_ByEightAtOnce_CreatesOneSchema()
    {
        using var file = new TempDatabase();
        var stores = Enumerable.Range(0, 8).Select(_ => file.Create()).ToArray();
        using var start = new Barrier(stores.Length);

        await Task.WhenAll(stores.Select(store => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait();
                return store.InitializeAsync(migrate: true, Make.Never);
            },
            Make.Never, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap()));

        var keys = new HashSet<long>();
        foreach (var store in stores) Assert.True(keys.Add((await store.RegisterWorkerAsync(Some.Registration(), Make.Never)).Worker));
        foreach (var store in stores) await store.DisposeAsync();
    }

    [Fact]
    public async Task Initialize_WithoutMigrating_RefusesAMissingFileAndLeavesNone()
    {
        using var file = new TempDatabase();
        await using var store = file.Create();

        var error = await Assert.ThrowsAsync<StoreException>(() => store.InitializeAsync(migrate: false, Make.Never));

        Assert.Equal(StoreFault.Schema, error.Fault);
        Assert.Contains("does not exist", error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(file.Path));
    }

    [Fact]
    public async Task Initialize_WithoutMigrating_RefusesAnOlderSchema()
    {
        using var file = new TempDatabase();
        await (await file.OpenAsync()).DisposeAsync();
        await using var newer = new SqliteStore(new SqliteStoreOptions(file.Path), TimeProvider.System, [.. Migrations.All, Next]);

        var error = await Assert.ThrowsAsync<StoreException>(() => newer.InitializeAsync(migrate: false, Make.Never));

        Assert.Equal(StoreFault.Schema, error.Fault);
        Assert.Contains($"needs version {Next.Version}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Initialize_OnANewerSchema_IsRefusedWithBothVersions()
    {
        using var file = new TempDatabase();
        await using (var newer = new SqliteStore(new SqliteStoreOptions(file.Path), TimeProvider.System, [.. Migrations.All, Next]))
            await newer.InitializeAsync(migrate: true, Make.Never);
        await using var store = file.Create();

        var error = await Assert.ThrowsAsync<StoreException>(() => store.InitializeAsync(migrate: true, Make.Never));

        Assert.Equal((StoreFault.Schema, "PERD1306"), (error.Fault, error.Code));
        Assert.Contains($"version {Next.Version}", error.Message, StringComparison.Ordinal);
        Assert.Contains("Update the Perdure.Sqlite package", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task O10_BuildsThatASchemaLetsGoOn_WorkBesideTheNewer()
    {
        using var file = new TempDatabase();
        await MixedBuilds.OlderAndNewerWorkSideBySideAsync(steps => Later(file, steps));
    }

    [Fact]
    public async Task O10_ABuildThatMayNotGoOn_IsShutOutByTheMigration()
    {
        using var file = new TempDatabase();
        await MixedBuilds.AnOlderOneThatMayNotGoOnIsShutOutAsync(steps => Later(file, steps), Migrations.All[^1].Version);
    }

    [Fact]
    public async Task O10_AProcessOfTheOlderBuild_WritesOnWhileTheNewerMigrates()
    {
        using var file = new TempDatabase();
        await (await file.OpenAsync()).DisposeAsync();
        using var child = ChildProcess.Start("write", file.Path, "1");
        await WroteAsync(100);
        await using var newer = Later(file, [new(LetsOthersGoOn: true)]);
        await newer.InitializeAsync(migrate: true, Make.Never);
        var before = (await newer.ReadHistoryAsync(1, 0, Make.Never)).Count;
        await WroteAsync(before + 100);
        child.Kill();
        Assert.True((await newer.ReadHistoryAsync(1, 0, Make.Never)).Count > before + 100);

        async Task WroteAsync(int number)
        {
            while (await child.ReadLineAsync() is var line && line != $"wrote {number}") Assert.Matches("^(owns|wrote) ", line);
        }
    }

    [Fact]
    public async Task O10_ALiveSuspendedRun_SurvivesTheMigrationFromThePreviousVersion()
    {
        using var file = new TempDatabase();
        var clock = new ManualClock();
        await using (var before = file.Create(clock))
        {
            await before.InitializeAsync(migrate: true, Make.Never);
            var worker = await Some.WorkerAsync(before);
            await worker.CommitAsync(Some.Owned(Make.Birth(1)));
            var due = Instant.From(clock.GetUtcNow().AddHours(1));
            var asleep = new Holding(1, term: 1, next: 1).Bundle(events: 1, Holding.Row(RunStatus.Suspended, due), release: true);
            Assert.True((await worker.WriteAsync(asleep)).Released);
            await before.RetireWorkerAsync(worker.Key, Make.Never);
        }
        clock.Advance(TimeSpan.FromHours(2));

        await using var after = new SqliteStore(new SqliteStoreOptions(file.Path), clock, [.. Migrations.All, Next]);
        await after.InitializeAsync(migrate: true, Make.Never);
        var claimed = await (await Some.WorkerAsync(after)).ClaimRunsAsync();

        var run = Assert.Single(claimed.Runs);
        Assert.Equal(("run-0001", RunStatus.Running, 2), (run.Row.Id, run.Row.Status, run.Row.Events));
        Assert.Equal(2, run.History.Count);
    }

    [Fact]
    public async Task Initialize_OnTheFirstVersion_KeepsItsWorkersAndTasks()
    {
        using var file = new TempDatabase();
        await using (var first = new SqliteStore(new SqliteStoreOptions(file.Path), TimeProvider.System, [Migrations.All[0]]))
        {
            await first.InitializeAsync(migrate: true, Make.Never);
            using var write = first.Writer.Begin("leave a worker and a task behind");
            write.Db.Execute("""
                INSERT INTO perdure_worker(id, name, lease, lease_until, renewals, registered_at, locked, alive, freed) VALUES(x'01', 'old', 1, 1, 0, 1, 0, 1, 0);
                INSERT INTO perdure_task(run, op, activity, queue, priority, due_at, owner, token, claim, used, crashes, cancelled, expired, input)
                VALUES(1, 2, 'send', 'mail', 0, 1, 0, 0, 0, 0, 0, 0, 0, x'31')
                """);
            write.Commit();
        }

        await using var store = file.Create();
        await store.InitializeAsync(migrate: true, Make.Never);
        var grant = await store.RegisterWorkerAsync(new(Guid.NewGuid(), "new", 1, TimeSpan.FromMinutes(1)) { Activities = ["send"] }, Make.Never);
        Assert.Equal(2, grant.Worker);
        var worker = new TestWorker(store, grant.Worker);
        Assert.Empty((await worker.ClaimTasksAsync([new("mail", 5)], ["print"])).Tasks);
        Assert.Equal(new TaskAttempt(1, 2, 1), Assert.Single((await worker.ClaimTasksAsync([new("mail", 5)], ["send"])).Tasks).Attempt);
    }

    [Fact]
    public async Task Initialize_WhenAStepFails_LeavesThePreviousVersion()
    {
        using var file = new TempDatabase();
        await using (var made = file.Create()) await made.InitializeAsync(migrate: true, Make.Never);
        await using (var store = new SqliteStore(new SqliteStoreOptions(file.Path), TimeProvider.System, [.. Migrations.All, Broken]))
            await Assert.ThrowsAsync<StoreException>(() => store.InitializeAsync(migrate: true, Make.Never));

        await using var old = file.Create();
        await old.InitializeAsync(migrate: false, Make.Never);
        await using var repaired = new SqliteStore(new SqliteStoreOptions(file.Path), TimeProvider.System, [.. Migrations.All, Next]);
        await repaired.InitializeAsync(migrate: true, Make.Never);
    }

    [Fact]
    public async Task Initialize_WhenAStepOfANewDatabaseFails_LeavesNothing()
    {
        using var file = new TempDatabase();
        await using (var store = new SqliteStore(new SqliteStoreOptions(file.Path), TimeProvider.System, [.. Migrations.All, Broken]))
            await Assert.ThrowsAsync<StoreException>(() => store.InitializeAsync(migrate: true, Make.Never));

        await using (var empty = file.Create())
            Assert.Contains("holds no Perdure schema", (await Assert.ThrowsAsync<StoreException>(() => empty.InitializeAsync(migrate: false, Make.Never))).Message, StringComparison.Ordinal);
        await using var repaired = new SqliteStore(new SqliteStoreOptions(file.Path), TimeProvider.System, [.. Migrations.All, Next]);
        await repaired.InitializeAsync(migrate: true, Make.Never);
    }

    [Fact]
    public async Task Command_BeforeInitialize_SaysWhatIsMissing()
    {
        using var file = new TempDatabase();
        await using var store = file.Create();

        var error = await Assert.ThrowsAsync<StoreException>(() => store.ReserveKeysAsync(1, Make.Never));

        Assert.Equal(StoreFault.Schema, error.Fault);
        Assert.Contains("InitializeAsync", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Script_AppliedByHand_MakesWhatTheStoreMakes()
    {
        using var byHand = new TempDatabase();
        using var byStore = new TempDatabase();
        File.WriteAllBytes(byHand.Path, []);
        using (var db = byHand.Connect()) db.Execute(SqliteSchema.Script);
        await (await byStore.OpenAsync()).DisposeAsync();

        Assert.Equal(Tables(byStore), Tables(byHand));
        await using var store = byHand.Create();
        await store.InitializeAsync(migrate: false, Make.Never);
    }

    private static List<string> Tables(TempDatabase file)
    {
        using var db = file.Connect();
        using var rows = db.Prepare("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name");
        var tables = new List<string>();
        while (rows.Read()) tables.Add(rows.Text(0));
        return tables;
    }

    private static SqliteStore Later(TempDatabase file, LaterStep[] steps)
    {
        List<Migration> all = [.. Migrations.All];
        foreach (var step in steps)
        {
            var version = all[^1].Version + 1;
            all.Add(new(version, "a later step", $"ALTER TABLE perdure_run ADD COLUMN note{version} TEXT", Oldest: step.LetsOthersGoOn ? Migrations.All[^1].Version : version));
        }
        return new(new SqliteStoreOptions(file.Path), TimeProvider.System, all);
    }
}
