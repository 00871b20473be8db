using Perdure.Storage;
using Perdure.Stores.Tests.Contract;

namespace Perdure.Stores.Tests.Sqlite;

/// <summary>The log is moved into the database file in time, and its file is reused.</summary>
public sealed class SqliteCheckpointTests
{
    private const int Pages = 64;
    private const int LogBytes = Pages * 4096;

    [Fact]
    public async Task Log_UnderLoad_StaysBounded()
    {
        using var file = new TempDatabase();
        await using var store = await file.OpenAsync(configure: options => options.CheckpointPages = Pages);
        var worker = await Some.WorkerAsync(store);
        await worker.CommitAsync(Some.Owned(Make.Birth(1)));
        var longest = 0L;

        for (var i = 1; i <= 1500; i++)
        {
            await worker.CommitAsync(Some.Step(1, i, length: 3000));
            longest = Math.Max(longest, file.LogLength);
        }

        // 1,500 commits of about three pages each wrote some 18 MB through a log of a quarter of a megabyte.
        Assert.InRange(longest, LogBytes / 2, 2 * LogBytes);
        Assert.Equal(1501, (await store.ReadHistoryAsync(1, 0, Make.Never)).Count);
    }

    [Fact]
    public async Task Log_WrittenByManyShortVisitors_IsMovedByTheOneWhoStays()
    {
        using var file = new TempDatabase();
        await using var resident = await file.OpenAsync(configure: options => options.CheckpointPages = Pages);
        var worker = (await resident.RegisterWorkerAsync(Some.Registration(), Make.Never)).Worker;
        var longest = 0L;

        for (var visit = 1; visit <= 60; visit++)
        {
            var births = Enumerable.Range(visit * 100, 20).Select(key => Make.Birth(key) with { Events = Some.Event(0, length: 3000) });
            await using (var visitor = await file.OpenAsync()) await visitor.StartRunsAsync([.. births], Make.Never);
            // What a resident does anyway; it writes next to nothing itself.
            for (var i = 0; i < 70; i++) await resident.RenewAsync(worker, Make.Never);
            longest = Math.Max(longest, file.LogLength);
        }

        Assert.InRange(longest, LogBytes / 2, 4 * LogBytes);
    }

    [Fact]
    public async Task Checkpoint_DuringALongRead_NeitherWaitsNorTakesTheSnapshotAway()
    {
        using var file = new TempDatabase();
        await using var store = await file.OpenAsync(configure: options => options.CheckpointPages = Pages);
        var worker = await Some.WorkerAsync(store);
        await worker.CommitAsync(Some.Owned(Make.Birth(1)));

        using (var reader = file.Connect())
        {
            reader.Execute("BEGIN");
            using var count = reader.Prepare("SELECT count(*) FROM perdure_event");
            Assert.Equal(1, count.Scalar());
            for (var i = 1; i <= 500; i++) await worker.CommitAsync(Some.Step(1, i, length: 3000));
            Assert.Equal(1, count.Scalar());
            Assert.True(file.LogLength > 4 * LogBytes, "the reader should have kept the log from being reused");
        }

        var grown = file.LogLength;
        for (var i = 501; i <= 1000; i++) await worker.CommitAsync(Some.Step(1, i, length: 3000));
        Assert.True(file.LogLength <= grown + LogBytes, "the log should be reused once the reader is gone");
        Assert.Equal(1001, (await store.ReadHistoryAsync(1, 0, Make.Never)).Count);
    }

    [Fact]
    public async Task Dispose_OfTheLastStore_LeavesOnlyTheDatabaseFile()
    {
        using var file = new TempDatabase();
        await using (var store = await file.OpenAsync())
        {
            var worker = await Some.WorkerAsync(store);
            await worker.CommitAsync(Some.Owned(Make.Birth(1)));
            await store.RetireWorkerAsync(worker.Key, Make.Never);
        }

        Assert.Equal([file.Path], Directory.GetFiles(file.Folder));
    }
}
