using System.Diagnostics;
using Perdure.Storage;
using Perdure.Stores.Tests.Contract;
using Perdure.Testing.Shared.Postgres;

namespace Perdure.Stores.Tests.PostgreSql;

/// <summary>Who is alive is hinted at by a lock that its session holds; the lease is what remains where there is no session.</summary>
public sealed class PostgreSqlLivenessTests
{
    [PostgresFact]
    public async Task AProcessThatIsGone_IsFoundByTheWatchOfAnother_LongBeforeItsLeaseEnds()
    {
        using var database = new TestDatabase();
        await using var observer = await database.OpenAsync();
        await using var gone = await database.OpenAsync();
        var worker = await Some.WorkerAsync(gone);
        var other = await Some.WorkerAsync(observer);
        await worker.CommitAsync(Some.Owned(Make.Birth(1)));
        await LockedAsync(observer, worker.Key, other.Key, database);
        // A renewal shows that somebody owns something, so that it is worth watching.
        await observer.RenewAsync(other.Key, Make.Never);
        await gone.DisposeAsync();

        await UntilAsync(async () => (await observer.ReadRunAsync(new(Key: 1), Make.Never))!.Owner == 0);

        var run = await observer.ReadRunAsync(new(Key: 1), Make.Never);
        Assert.Equal((1, 1), (run!.Crashes, run.Losses));
        Assert.True((await observer.RenewAsync(other.Key, Make.Never)).Alive);
    }

    [PostgresFact]
    public async Task ASessionThatBreaks_WhileItsProcessLives_IsOpenedAgainAndNobodyIsPresumedDead()
    {
        using var database = new TestDatabase();
        await using var observer = await database.OpenAsync();
        await using var store = await database.OpenAsync();
        var (worker, other) = (await Some.WorkerAsync(store), await Some.WorkerAsync(observer));
        await worker.CommitAsync(Some.Owned(Make.Birth(1)));
        await LockedAsync(observer, worker.Key, other.Key, database);

        for (var i = 0; i < 3; i++)
        {
            database.Break();
            await UntilAsync(() => Task.FromResult(store.Wakeups.HearsAll && observer.Wakeups.HearsAll));
            await LockedAsync(observer, worker.Key, other.Key, database);
            Assert.Equal(0, (await observer.FenceDeadWorkersAsync(10, Make.Never)).WorkersMarked);
        }

        Assert.Equal(GroupVerdict.Committed, (await worker.CommitAsync(Some.Step(1, 1))).Verdict);
    }

    [PostgresFact]
    public async Task BehindAPooler_TheLeaseDecidesAlone()
    {
        using var database = new TestDatabase();
        await using var observer = await database.OpenAsync(static options => options.Pooled = true);
        await using var gone = await database.OpenAsync(static options => options.Pooled = true);
        var worker = new TestWorker(gone, (await gone.RegisterWorkerAsync(new(Guid.NewGuid(), "test", 1, TimeSpan.FromSeconds(1)), Make.Never)).Worker);
        await worker.CommitAsync(Some.Owned(Make.Birth(1)));
        Assert.Equal(new FenceReport(0, 0, 0), await observer.FenceDeadWorkersAsync(10, Make.Never));
        await gone.DisposeAsync();

        await UntilAsync(async () => (await observer.FenceDeadWorkersAsync(10, Make.Never)).RunsFreed == 1);
        Assert.False(observer.Wakeups.HearsAll);
    }

    [PostgresFact]
    public async Task MarkDead_WhileAGroupOfTheWorkerStandsHalfSent_EndsThatGroup()
    {
        using var database = new TestDatabase();
        await using var store = await database.OpenAsync(static options => options.Notifications = false);
        var worker = new TestWorker(store, (await store.RegisterWorkerAsync(new(Guid.NewGuid(), "test", 1, TimeSpan.FromMilliseconds(1)), Make.Never)).Worker);
        await worker.CommitAsync(Some.Owned(Make.Birth(1)));
        // A frozen process whose transaction has taken the lane.
        using var frozen = new Npgsql.NpgsqlConnection(database.ConnectionString);
        await frozen.OpenAsync();
        using (var begin = new Npgsql.NpgsqlCommand("BEGIN; UPDATE perdure.lane SET last_group = 99", frozen)) await begin.ExecuteNonQueryAsync();

        await UntilAsync(async () => (await store.FenceDeadWorkersAsync(10, Make.Never)).RunsFreed == 1);

        using var commit = new Npgsql.NpgsqlCommand("COMMIT", frozen);
        await Assert.ThrowsAnyAsync<Npgsql.NpgsqlException>(() => commit.ExecuteNonQueryAsync());
        Assert.False(await store.ResolveAsync(worker.Key, 1, 99, Make.Never));
    }

    /// <summary>Waits until the sessions of both workers hold their locks.</summary>
    private static Task LockedAsync(IPerdureStore store, long one, long two, TestDatabase database) => UntilAsync(async () =>
    {
        await store.RenewAsync(two, Make.Never);
        using var connection = new Npgsql.NpgsqlConnection(database.ConnectionString);
        await connection.OpenAsync();
        using var count = new Npgsql.NpgsqlCommand($"SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid IN ({one}, {two}) AND database = (SELECT oid FROM pg_database WHERE datname = current_database())", connection);
        return (long)(await count.ExecuteScalarAsync())! == 2;
    });

    internal static async Task UntilAsync(Func<Task<bool>> condition)
    {
        for (var start = Stopwatch.GetTimestamp(); ; await Task.Delay(20))
        {
            try
            {
                if (await condition()) return;
            }
            catch (Exception e) when (e is StoreException { Fault: StoreFault.Transient or StoreFault.Unknown } or Npgsql.NpgsqlException)
            {
                // The connection was one of those that were broken.
            }
            if (Stopwatch.GetElapsedTime(start) > TimeSpan.FromSeconds(60)) throw new TimeoutException("It did not come true.");
        }
    }
}
