using Perdure.Sqlite;
using Perdure.Storage;
using Perdure.Stores.Tests.Contract;

namespace Perdure.Stores.Tests.Sqlite;

/// <summary>What goes wrong outside is named as what it is, and nothing that was acknowledged is lost by it.</summary>
public sealed class SqliteFaultTests
{
    [Fact]
    public async Task Commit_OnAFullDisk_IsUnwritableAndGoesOnWhenThereIsRoom()
    {
        using var file = new TempDatabase();
        await using (var store = await file.OpenAsync()) await Some.WorkerAsync(store);
        await using var full = await file.OpenAsync(configure: options => options.WriterPragmas = "PRAGMA max_page_count=60;");
        var worker = await Some.WorkerAsync(full);
        await worker.CommitAsync(Some.Owned(Make.Birth(1)));
        var committed = 1;

        var error = await Assert.ThrowsAsync<StoreException>(async () =>
        {
            for (; ; committed++) await worker.CommitAsync(Some.Step(1, committed, length: 20_000));
        });

        Assert.Equal((StoreFault.Unwritable, "PERD1304"), (error.Fault, error.Code));
        Assert.Contains("space", error.Message, StringComparison.Ordinal);
        Assert.Equal(committed, (await full.ReadHistoryAsync(1, 0, Make.Never)).Count);
        using (var write = full.Writer.Begin("make room")) write.Db.Execute("PRAGMA max_page_count=100000");
        Assert.Equal(GroupVerdict.Committed, (await worker.CommitAsync(Some.Step(1, committed))).Verdict);
    }

    [Fact]
    public async Task Commit_OnAReadOnlyDatabase_IsUnwritableAndNamesThePermission()
    {
        using var file = new TempDatabase();
        await using var store = await file.OpenAsync();
        var worker = await Some.WorkerAsync(store);
        await worker.CommitAsync(Some.Owned(Make.Birth(1)));
        // Permissions of the file would not stop a test that runs as root; this makes SQLite answer the same.
        using (var write = store.Writer.Begin("make it read-only")) write.Db.Execute("PRAGMA query_only=ON");

        var error = await Assert.ThrowsAsync<StoreException>(() => worker.CommitAsync(Some.Step(1, 1)));

        Assert.Equal(StoreFault.Unwritable, error.Fault);
        Assert.Contains("write permission", error.Message, StringComparison.Ordinal);
        Assert.NotNull(await store.ReadRunAsync(new(Key: 1), Make.Never));
    }

    [Fact]
    public async Task Initialize_InAMissingDirectory_IsUnwritableAndSaysSo()
    {
        using var file = new TempDatabase();
        await using var store = new SqliteStore(new(Path.Combine(file.Folder, "none", "test.db")), TimeProvider.System);

        var error = await Assert.ThrowsAsync<StoreException>(() => store.InitializeAsync(migrate: true, Make.Never));

        Assert.Equal(StoreFault.Unwritable, error.Fault);
        Assert.Contains("directory exists", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Initialize_OnAFileThatIsNoDatabase_IsCorruptAndLeavesItAlone()
    {
        using var file = new TempDatabase();
        var text = new string('x', 10_000);
        await File.WriteAllTextAsync(file.Path, text);
        await using var store = file.Create();

        var error = await Assert.ThrowsAsync<StoreException>(() => store.InitializeAsync(migrate: true, Make.Never));

        Assert.Equal(StoreFault.Corrupt, error.Fault);
        Assert.Equal(text, await File.ReadAllTextAsync(file.Path));
    }

    [Fact]
    public async Task Read_OfADamagedPage_IsCorruptAndStopsWritingForGood()
    {
        using var file = new TempDatabase();
        await using (var store = await file.OpenAsync())
        {
            var worker = await Some.WorkerAsync(store);
            await worker.CommitAsync(Some.Owned(Make.Birth(1)));
            for (var i = 1; i < 200; i++) await worker.CommitAsync(Some.Step(1, i, length: 3000));
        }
        Damage(file.Path);

        await using var damaged = await file.OpenAsync();
        var read = await Assert.ThrowsAsync<StoreException>(() => damaged.ReadHistoryAsync(1, 0, Make.Never));
        var write = await Assert.ThrowsAsync<StoreException>(() => damaged.ReserveKeysAsync(1, Make.Never));

        Assert.Equal((StoreFault.Corrupt, StoreFault.Corrupt), (read.Fault, write.Fault));
        Assert.Contains("Nothing more is written", write.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Commit_WhileAnotherHoldsTheWriteLock_IsTransientAndSucceedsAfterwards()
    {
        using var file = new TempDatabase();
        await using var store = await file.OpenAsync(configure: options => options.BusyTimeout = TimeSpan.FromMilliseconds(20));
        var worker = await Some.WorkerAsync(store);

        using (var other = file.Connect())
        {
            other.Execute("BEGIN IMMEDIATE");
            var error = await Assert.ThrowsAsync<StoreException>(() => worker.CommitAsync(Some.Owned(Make.Birth(1))));
            Assert.Equal(StoreFault.Transient, error.Fault);
            Assert.Contains("BusyTimeout", error.Message, StringComparison.Ordinal);
        }

        Assert.Equal(GroupVerdict.Committed, (await worker.CommitAsync(Some.Owned(Make.Birth(1)))).Verdict);
    }

    [Fact]
    public async Task Start_WithAKeyOfAnotherRun_IsADataFault()
    {
        using var file = new TempDatabase();
        await using var store = await file.OpenAsync();
        await store.StartRunsAsync([Make.Birth(1)], Make.Never);

        RunBirth[] births = [Make.Birth(2), Make.Birth(1, "another")];
        var error = await Assert.ThrowsAsync<StoreException>(() => store.StartRunsAsync(births, Make.Never));

        Assert.Equal(StoreFault.Data, error.Fault);
        Assert.Null(await store.ReadRunAsync(new(Key: 2), Make.Never));
    }

    [Fact]
    public async Task Command_AfterDispose_IsRefused()
    {
        using var file = new TempDatabase();
        var store = await file.OpenAsync();
        await store.DisposeAsync();
        await store.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => store.ReserveKeysAsync(1, Make.Never));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => store.ReadRunAsync(new(Key: 1), Make.Never));
    }

    /// <summary>Overwrites the second half of the file, except its first page: there lie the events.</summary>
    private static void Damage(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
        var half = file.Length / 2 / 4096 * 4096;
        file.Position = half;
        var garbage = new byte[file.Length - half];
        Array.Fill(garbage, (byte)0xA5);
        file.Write(garbage);
    }
}
