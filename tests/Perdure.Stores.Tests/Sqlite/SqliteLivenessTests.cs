using Perdure.Storage;
using Perdure.Stores.Tests.Contract;
using Perdure.Testing.Shared;

namespace Perdure.Stores.Tests.Sqlite;

/// <summary>Who is alive is told by a locked file; the lease is what remains where files cannot be locked.</summary>
public sealed class SqliteLivenessTests
{
    [Fact]
    public async Task Fence_OfAWorkerInTheSameProcess_MarksNobody()
    {
        using var file = new TempDatabase();
        await using var store = await file.OpenAsync();
        await using var second = await file.OpenAsync();
        var worker = await Some.WorkerAsync(store);
        await worker.CommitAsync(Some.Owned(Make.Birth(1)));

        Assert.Equal(new FenceReport(0, 0, 0), await store.FenceDeadWorkersAsync(100, Make.Never));
        Assert.Equal(new FenceReport(0, 0, 0), await second.FenceDeadWorkersAsync(100, Make.Never));
        Assert.Equal(GroupVerdict.Committed, (await worker.CommitAsync(Some.Step(1, 1))).Verdict);
    }

    [Fact]
    public async Task Fence_AfterAStoreIsGone_MarksItsWorkerLongBeforeTheLeaseEnds()
    {
        using var file = new TempDatabase();
        await using var observer = await file.OpenAsync();
        var gone = await file.OpenAsync();
        var worker = await Some.WorkerAsync(gone);
        await worker.CommitAsync(Some.Owned(Make.Birth(1)));
        await gone.DisposeAsync();

        Assert.Equal(new FenceReport(1, 1, 0), await observer.FenceDeadWorkersAsync(100, Make.Never));

        var run = await observer.ReadRunAsync(new(Key: 1), Make.Never);
        Assert.Equal((0L, 1, 1), (run!.Owner, run.Crashes, run.Losses));
        Assert.Empty(Directory.GetFiles(file.Folder, "*.lock"));
        Assert.Equal(new FenceReport(0, 0, 0), await observer.FenceDeadWorkersAsync(100, Make.Never));
    }

    [Fact]
    public async Task Fence_AfterTheLeaseEnds_MarksAWorkerThatStillHoldsItsLock()
    {
        using var file = new TempDatabase();
        var clock = new ManualClock();
        await using var store = await file.OpenAsync(clock);
        var worker = await Some.WorkerAsync(store);
        await worker.CommitAsync(Some.Owned(Make.Birth(1)));
        clock.Advance(TimeSpan.FromSeconds(31));

        Assert.Equal(1, (await store.FenceDeadWorkersAsync(100, Make.Never)).WorkersMarked);
        Assert.Equal(GroupVerdict.Fenced, (await worker.CommitAsync(Some.Step(1, 1))).Verdict);
        Assert.False((await store.RenewAsync(worker.Key, Make.Never)).Alive);
    }

    [Fact]
    public async Task Fence_WhenALockFileWasDeleted_TrustsTheLease()
    {
        using var file = new TempDatabase();
        await using var store = await file.OpenAsync();
        await using var observer = await file.OpenAsync();
        await Some.WorkerAsync(store);
        File.Delete(Assert.Single(Directory.GetFiles(file.Folder, "*.lock")));

        Assert.Equal(0, (await observer.FenceDeadWorkersAsync(100, Make.Never)).WorkersMarked);
    }

    [Fact]
    public async Task Fence_ADayAfterADeath_ForgetsTheWorkerButNeverItsKey()
    {
        using var file = new TempDatabase();
        var clock = new ManualClock();
        await using var store = await file.OpenAsync(clock);
        var dead = await Some.WorkerAsync(store);
        await store.RetireWorkerAsync(dead.Key, Make.Never);
        clock.Advance(TimeSpan.FromHours(25));

        await store.FenceDeadWorkersAsync(100, Make.Never);

        const string Rows = "SELECT (SELECT count(*) FROM perdure_worker) + (SELECT count(*) FROM perdure_lane)";
        using (var reader = file.Connect())
        using (var count = reader.Prepare(Rows)) Assert.Equal(0, count.Scalar());
        Assert.True((await Some.WorkerAsync(store)).Key > dead.Key);
    }
}
