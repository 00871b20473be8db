using System.Diagnostics;
using Npgsql;
using Perdure.PostgreSql;
using Perdure.PostgreSql.Schema;
using Perdure.Storage;
using Perdure.Stores.Tests.Contract;
using Perdure.Testing.Shared.Postgres;

namespace Perdure.Stores.Tests.PostgreSql;

public sealed class PostgreSqlSchemaTests
{
    private static readonly Migration Next = new(Migrations.All[^1].Version + 1, "a test", "ALTER TABLE {schema}.run ADD COLUMN note text", Oldest: Migrations.All[^1].Version + 1);

    [PostgresFact]
    public async Task Initialize_ByEightAtOnce_CreatesOneSchema()
    {
        using var database = new TestDatabase();
        var stores = Enumerable.Range(0, 8).Select(_ => database.Create(pool: 2)).ToArray();

        await Task.WhenAll(stores.Select(store => store.InitializeAsync(migrate: true, Make.Never)));

        var keys = new HashSet<long>();
        foreach (var store in stores) Assert.True(keys.Add((await store.RegisterWorkerAsync(Some.Registration(), Make.Never)).Worker));
        foreach (var store in stores) await store.DisposeAsync();
    }

    [PostgresFact]
    public async Task Initialize_WithoutMigrating_RefusesAnEmptyDatabaseAndCreatesNothing()
    {
        using var database = new TestDatabase();
        await using var store = database.Create();

        for (var i = 0; i < 2; i++)
        {
            var error = await Assert.ThrowsAsync<StoreException>(() => store.InitializeAsync(migrate: false, Make.Never));
            Assert.Equal((StoreFault.Schema, "PERD1306"), (error.Fault, error.Code));
            Assert.Contains("holds no Perdure schema", error.Message, StringComparison.Ordinal);
        }
    }

    [PostgresFact]
    public async Task Initialize_OfOtherVersions_IsRefusedWithBothVersions()
    {
        using var database = new TestDatabase();
        await (await database.OpenAsync()).DisposeAsync();
        await using var newer = Newer(database);

        var older = await Assert.ThrowsAsync<StoreException>(() => newer.InitializeAsync(migrate: false, Make.Never));
        Assert.Equal(StoreFault.Schema, older.Fault);
        Assert.Contains($"needs version {Next.Version}", older.Message, StringComparison.Ordinal);

        await newer.InitializeAsync(migrate: true, Make.Never);
        await using var store = database.Create();
        var error = await Assert.ThrowsAsync<StoreException>(() => store.InitializeAsync(migrate: true, Make.Never));
        Assert.Equal((StoreFault.Schema, "PERD1306"), (error.Fault, error.Code));
        Assert.Contains($"version {Next.Version}", error.Message, StringComparison.Ordinal);
        Assert.Contains("Update the Perdure.PostgreSql package", error.Message, StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task O10_BuildsThatASchemaLetsGoOn_WorkBesideTheNewer()
    {
        using var database = new TestDatabase();
        await MixedBuilds.OlderAndNewerWorkSideBySideAsync(steps => Later(database, steps));
    }

    [PostgresFact]
    public async Task O10_ABuildThatMayNotGoOn_IsShutOutByTheMigration()
    {
        using var database = new TestDatabase();
        await MixedBuilds.AnOlderOneThatMayNotGoOnIsShutOutAsync(steps => Later(database, steps), Migrations.All[^1].Version);
    }

    [PostgresFact]
    public async Task Schemas_OfOneDatabase_KnowNothingOfEachOther()
    {
        using var database = new TestDatabase();
        await using var one = await database.OpenAsync(static options => options.Schema = "one");
        await using var two = await database.OpenAsync(static options => options.Schema = "two");

        await one.StartRunsAsync([Make.Birth(1, "same", startKey: "same")], Make.Never);
        Assert.Equal(BirthVerdict.Created, (await two.StartRunsAsync([Make.Birth(2, "same", startKey: "same", workflow: "other")], Make.Never))[0].Verdict);

        Assert.Equal("order", (await one.ReadRunAsync(new(Id: "same"), Make.Never))!.Workflow);
        Assert.Equal("other", (await two.ReadRunAsync(new(StartKey: "same"), Make.Never))!.Workflow);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1a")]
    [InlineData("Orders")]
    [InlineData("a b")]
    [InlineData("a\"; DROP SCHEMA public; --")]
    [InlineData("a123456789012345678901234567890123456789012")]
    public void T13_ASchemaThatIsNoPlainName_IsRefused(string schema) =>
        Assert.Throws<ArgumentException>(() => new PostgreSqlStore("Host=localhost", new PostgreSqlStoreOptions { Schema = schema }));

    [PostgresFact]
    public async Task T14_TheWorkersRole_DoesEverythingButChangeTheSchema()
    {
        if (TestPostgres.Psql is not { } psql) return;
        using var database = new TestDatabase();
        var script = Path.Combine(AppContext.BaseDirectory, "roles.sql");
        for (var i = 0; i < 2; i++) Run(psql, database.ConnectionString, script);
        database.Execute("DROP ROLE IF EXISTS test_owner; DROP ROLE IF EXISTS test_worker; CREATE ROLE test_owner LOGIN IN ROLE perdure_owner; CREATE ROLE test_worker LOGIN IN ROLE perdure_worker");
        // Owned by the role, not by the user, so that any member may migrate it later.
        await using (var owner = new PostgreSqlStore($"{As(database, "test_owner")};Options=-c role=perdure_owner"))
            await owner.InitializeAsync(migrate: true, Make.Never);

        await using var store = new PostgreSqlStore(As(database, "test_worker"));
        await store.InitializeAsync(migrate: false, Make.Never);
        var worker = await Some.WorkerAsync(store);
        var key = (await store.ReserveKeysAsync(1, Make.Never)).First;
        await worker.CommitAsync(Some.Owned(Make.Birth(key)));
        Assert.Equal(GroupVerdict.Committed, (await worker.CommitAsync(Some.Step(key, 1))).Verdict);
        Assert.Equal(PostVerdict.Accepted, (await store.PostMessagesAsync([Make.Message(key, "m")], Make.Never))[0].Verdict);
        await worker.ClaimRunsAsync();
        await worker.ClaimTasksAsync();
        await store.RenewAsync(worker.Key, Make.Never);
        await store.FenceDeadWorkersAsync(10, Make.Never);
        await store.RetireWorkerAsync(worker.Key, Make.Never);
        await store.DeleteRunsAsync(["nobody"], Make.Never);
        await store.TakeTurnAsync("work", TimeSpan.FromHours(1), Make.Never);

        using var connection = new NpgsqlConnection(As(database, "test_worker"));
        await connection.OpenAsync();
        foreach (var sql in new[] { "CREATE TABLE perdure.more(a int)", "DROP TABLE perdure.run", "CREATE SCHEMA mine", "ALTER TABLE perdure.run ADD COLUMN a int" })
        {
            using var command = new NpgsqlCommand(sql, connection);
            Assert.Equal("42501", (await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync())).SqlState);
        }
    }

    private static string As(TestDatabase database, string user) => new NpgsqlConnectionStringBuilder(database.ConnectionString) { Username = user }.ConnectionString;

    private static void Run(string psql, string connectionString, string script)
    {
        var parts = new NpgsqlConnectionStringBuilder(connectionString);
        string[] arguments = ["-q", "-h", parts.Host!, "-U", parts.Username!, "-d", parts.Database!, "-v", "schema=perdure", "-f", script];
        using var process = Process.Start(new ProcessStartInfo(psql, arguments) { RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, error);
    }

    private static PostgreSqlStore Newer(TestDatabase database) =>
        new(PostgreSqlStore.Parse(database.ConnectionString, null), new PostgreSqlStoreOptions(), migrations: [.. Migrations.All, Next]);

    private static PostgreSqlStore Later(TestDatabase database, LaterStep[] steps)
    {
        List<Migration> all = [.. Migrations.All];
        foreach (var step in steps)
        {
            var version = all[^1].Version + 1;
            all.Add(new(version, "a later step", $$"""ALTER TABLE {schema}.run ADD COLUMN note{{version}} text""", Oldest: step.LetsOthersGoOn ? Migrations.All[^1].Version : version));
        }
        return new(PostgreSqlStore.Parse(database.ConnectionString, null), new PostgreSqlStoreOptions(), migrations: all);
    }
}
