using Npgsql;
using Perdure.PostgreSql;
using Perdure.Storage;
using Perdure.Stores.Tests.Contract;
using Perdure.Testing.Shared.Postgres;

namespace Perdure.Stores.Tests.PostgreSql;

/// <summary>What goes wrong between a process and its server: nothing that was acknowledged is lost, nothing is written twice, and it goes on by itself.</summary>
public sealed class PostgreSqlFaultTests
{
    private const int Groups = 300;

    [PostgresFact]
    public async Task I36_BackendsThatAreTerminatedUnderLoad_LoseAndDoubleNothing()
    {
        using var database = new TestDatabase();
        await using var store = await database.OpenAsync();
        await WriteAsync(store, done => done % 20 == 10 ? Task.Run(() => database.Break("append")) : Task.CompletedTask);
    }

    [PostgresFact]
    public async Task I36_AServerThatIsStoppedAndStartedUnderLoad_LosesAndDoublesNothing()
    {
        if (TestPostgres.IsConfigured) return;
        using var server = TestPostgres.StartOwn(durable: true);
        await using var store = new PostgreSqlStore(server.ConnectionString());
        await store.InitializeAsync(migrate: true, Make.Never);
        await WriteAsync(store, done => done % 100 == 50 ? Task.Run(Restart) : Task.CompletedTask);

        void Restart()
        {
            server.StopImmediate();
            server.Start();
        }
    }

    [PostgresFact]
    public async Task I36_ALockOfAHotTable_DelaysAndNothingElse()
    {
        using var database = new TestDatabase();
        await using var store = await database.OpenAsync();
        await WriteAsync(store, done => done == 100 ? Task.Run(() => database.Execute("BEGIN; LOCK TABLE perdure.event; SELECT pg_sleep(2); COMMIT")) : Task.CompletedTask);
    }

    [PostgresFact]
    public async Task APayloadThatCannotBeStored_IsADataError_AndItsNeighboursAreWritten()
    {
        using var database = new TestDatabase();
        await using var store = await database.OpenAsync();
        var worker = await Some.WorkerAsync(store);
        var bad = Some.Owned(Make.Birth(1) with { Queue = "a\0b" });

        var error = await Assert.ThrowsAsync<StoreException>(() => worker.CommitAsync(Some.Owned(Make.Birth(2)), bad));

        Assert.Equal((StoreFault.Data, "PERD1303"), (error.Fault, error.Code));
        Assert.Null(await store.ReadRunAsync(new(Key: 2), Make.Never));
        Assert.Equal(GroupVerdict.Committed, (await worker.CommitAsync(Some.Owned(Make.Birth(2)))).Verdict);
    }

    [PostgresFact]
    public async Task AServerThatIsNotThere_IsTransient_AndSaysWhichServer()
    {
        await using var store = new PostgreSqlStore("Host=/nowhere;Username=u;Database=d;Password=secret-word");

        var error = await Assert.ThrowsAsync<StoreException>(() => store.InitializeAsync(migrate: true, Make.Never));

        Assert.Equal((StoreFault.Transient, "PERD1301"), (error.Fault, error.Code));
        Assert.Contains("/nowhere/d", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-word", error.ToString(), StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task ADatabaseThatDoesNotExist_IsToldWithAdvice()
    {
        var parts = new NpgsqlConnectionStringBuilder(TestPostgres.ConnectionString("no_such_database"));
        await using var store = new PostgreSqlStore(parts.ConnectionString);

        var error = await Assert.ThrowsAsync<StoreException>(() => store.InitializeAsync(migrate: true, Make.Never));

        Assert.Equal(StoreFault.Unwritable, error.Fault);
        Assert.Contains("Check user, password and database", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AConnectionStringThatCannotBeRead_IsRefusedWithoutBeingShown()
    {
        var error = Assert.Throws<ArgumentException>(() => new PostgreSqlStore("Host=a;Pasword=secret-word"));
        Assert.DoesNotContain("secret-word", error.ToString(), StringComparison.Ordinal);
        Assert.Contains("at least 2", Assert.Throws<ArgumentException>(() => new PostgreSqlStore("Host=a;Maximum Pool Size=1")).Message, StringComparison.Ordinal);
    }

    /// <summary>
    /// Plays a lane: one event a group, and after a lost answer the question whether it was written. What is acknowledged in the end is what the server holds.
    /// </summary>
    private static async Task WriteAsync(PostgreSqlStore store, Func<int, Task> disturb)
    {
        var worker = (await store.RegisterWorkerAsync(new(Guid.NewGuid(), "test", 1, TimeSpan.FromHours(1)), Make.Never)).Worker;
        var (number, previous) = (0L, 0L);
        var disturbances = new List<Task>();
        await CommitAsync(Some.Owned(Make.Birth(1)));
        for (var i = 1; i <= Groups; i++)
        {
            disturbances.Add(disturb(i));
            await CommitAsync(Some.Step(1, i));
        }
        await Task.WhenAll(disturbances);

        var history = await UntilAnsweredAsync(() => store.ReadHistoryAsync(1, 0, Make.Never));
        Assert.Equal(Enumerable.Range(0, Groups + 1), history.Select(batch => batch.FirstSequence));

        async Task CommitAsync(RunBundle bundle)
        {
            while (true)
            {
                var stamp = new LaneStamp(worker, 1, ++number, previous);
                try
                {
                    Assert.Equal(GroupVerdict.Committed, (await store.CommitGroupAsync(new(stamp, [bundle]), Make.Never)).Verdict);
                    previous = stamp.Number;
                    return;
                }
                catch (StoreException e) when (e.Fault == StoreFault.Unknown)
                {
                    if (!await UntilAnsweredAsync(() => store.ResolveAsync(worker, 1, stamp.Number, Make.Never))) continue;
                    previous = stamp.Number;
                    return;
                }
                catch (StoreException e) when (e.Fault == StoreFault.Transient)
                {
                    await Task.Delay(20);
                }
            }
        }
    }

    private static async Task<T> UntilAnsweredAsync<T>(Func<Task<T>> call)
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                return await call();
            }
            catch (StoreException e) when (e.Fault is StoreFault.Transient or StoreFault.Unknown && tries < 1000)
            {
                await Task.Delay(20);
            }
        }
    }
}
