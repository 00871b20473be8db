using Perdure.Files;
using Perdure.Storage;
using Perdure.Stores.Tests.Contract;
using Perdure.Testing.Shared;

namespace Perdure.Stores.Tests.Files;

/// <summary>Bytes that are missing or wrong: what a crash leaves is repaired, what somebody else has done is found.</summary>
public sealed class FileRepairTests
{
    [Fact]
    public async Task Journal_TornAtEveryByteOfItsLastRecord_LosesThatRecordAndNothingElse()
    {
        using var folder = new TempFolder();
        var (segment, length) = await WriteAsync(folder, events: 3);
        var whole = await System.IO.File.ReadAllBytesAsync(segment);
        for (var torn = length; torn < whole.Length; torn++)
        {
            await System.IO.File.WriteAllBytesAsync(segment, whole[..torn]);
            using var copy = Copy(folder);
            await using var store = await copy.OpenAsync(configure: NoFlush);
            Assert.Equal(3, (await store.ReadHistoryAsync(1, 0, Make.Never)).Count);
            Assert.False(await store.ResolveAsync(1, 1, 4, Make.Never));
            Assert.True(await store.ResolveAsync(1, 1, 3, Make.Never));
        }
        await System.IO.File.WriteAllBytesAsync(segment, whole);
        using var untouched = Copy(folder);
        await using var last = await untouched.OpenAsync(configure: NoFlush);
        Assert.Equal(4, (await last.ReadHistoryAsync(1, 0, Make.Never)).Count);
    }

    [Fact]
    public async Task EventFile_TornAtEveryByteOfItsLastLine_IsRepairedFromTheJournal()
    {
        using var folder = new TempFolder();
        await WriteAsync(folder, events: 3);
        var path = Directory.GetFiles(folder.PathOf("events"))[0];
        var whole = await System.IO.File.ReadAllBytesAsync(path);
        var lastLine = whole.AsSpan(0, whole.Length - 1).LastIndexOf((byte)'\n') + 1;
        for (var torn = lastLine; torn < whole.Length; torn++)
        {
            using var copy = Copy(folder);
            var copied = Directory.GetFiles(copy.PathOf("events"))[0];
            await System.IO.File.WriteAllBytesAsync(copied, whole[..torn]);
            await using var store = await copy.OpenAsync(configure: NoFlush);
            Assert.Equal(whole, await System.IO.File.ReadAllBytesAsync(copied));
            Assert.Equal(4, (await store.ReadHistoryAsync(1, 0, Make.Never)).Count);
        }
    }

    [Fact]
    public async Task Journal_DamagedBeforeItsLastRecord_IsRefusedAndLeftAlone()
    {
        using var folder = new TempFolder();
        var (segment, length) = await WriteAsync(folder, events: 3);
        var bytes = await System.IO.File.ReadAllBytesAsync(segment);
        foreach (var at in new[] { 0, 5, 9, 17, 40, length / 2, length - 1 })
        {
            using var copy = Copy(folder);
            byte[] damaged = [.. bytes];
            damaged[at] ^= 4;
            var copied = Directory.GetFiles(copy.PathOf(".journal"))[0];
            await System.IO.File.WriteAllBytesAsync(copied, damaged);
            await using var store = copy.Create();
            var error = await Assert.ThrowsAsync<StoreException>(() => store.InitializeAsync(migrate: true, Make.Never));
            Assert.Equal((StoreFault.Corrupt, "PERD1305"), (error.Fault, error.Code));
            Assert.Equal(damaged, await System.IO.File.ReadAllBytesAsync(copied));
        }
    }

    [Fact]
    public async Task RunFile_ThatIsNoJson_IsRefusedByName()
    {
        using var folder = new TempFolder();
        await using (var store = await folder.OpenAsync()) await store.StartRunsAsync([Make.Birth(1)], Make.Never);
        await System.IO.File.WriteAllTextAsync(folder.PathOf("runs/run-0001.json"), "{");
        await using var second = folder.Create();
        var error = await Assert.ThrowsAsync<StoreException>(() => second.InitializeAsync(migrate: true, Make.Never));
        Assert.Equal(StoreFault.Corrupt, error.Fault);
        Assert.Contains("runs/run-0001.json", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Folder_OfANewerVersionOrThatEverybodyMayWrite_IsRefused()
    {
        using var folder = new TempFolder();
        await using (await folder.OpenAsync()) { }
        await using (var missing = new FileStore(new FileStoreOptions(folder.Path + "-not"), TimeProvider.System))
            Assert.Equal(StoreFault.Schema, (await Assert.ThrowsAsync<StoreException>(() => missing.InitializeAsync(migrate: false, Make.Never))).Fault);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.None, System.IO.File.GetUnixFileMode(folder.PathOf("store.json")) & ~(UnixFileMode.UserRead | UnixFileMode.UserWrite));
            System.IO.File.SetUnixFileMode(folder.Path, System.IO.File.GetUnixFileMode(folder.Path) | UnixFileMode.OtherWrite);
            await using var open = folder.Create();
            Assert.Equal(StoreFault.Unwritable, (await Assert.ThrowsAsync<StoreException>(() => open.InitializeAsync(migrate: true, Make.Never))).Fault);
            System.IO.File.SetUnixFileMode(folder.Path, System.IO.File.GetUnixFileMode(folder.Path) & ~UnixFileMode.OtherWrite);
        }
        await System.IO.File.WriteAllTextAsync(folder.PathOf("store.json"), """{"format": 2}""");
        await using var newer = folder.Create();
        var error = await Assert.ThrowsAsync<StoreException>(() => newer.InitializeAsync(migrate: true, Make.Never));
        Assert.Equal(StoreFault.Schema, error.Fault);
        Assert.Contains("Update the Perdure.FileStore package", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StartKeys_BehindARestart_AreAsFreeAsBefore()
    {
        using var folder = new TempFolder();
        var clock = new ManualClock();
        var soon = Instant.From(clock.GetUtcNow()).Add(TimeSpan.FromMinutes(1));
        RunBirth[] births = [Make.Birth(1, startKey: "forgotten") with { KeyFreeAt = soon }, Make.Birth(2, startKey: "taken again") with { KeyFreeAt = soon }, Make.Birth(3, startKey: "free at last") with { KeyFreeAt = soon.Add(TimeSpan.FromDays(1)) }];
        await using (var store = await folder.OpenAsync(clock))
        {
            await Some.WorkerAsync(store);
            await store.StartRunsAsync(births, Make.Never);
            clock.Advance(TimeSpan.FromHours(2));
            await store.StartRunsAsync([Make.Birth(4, startKey: "taken again", input: "2")], Make.Never);
            Assert.Equal(1, await store.ForgetKeysAsync(10, Make.Never));
        }
        await using var again = await folder.OpenAsync(clock);
        await Some.WorkerAsync(again);
        // The runs are all there, but only what their keys are is what counts.
        Assert.Null(await again.ReadRunAsync(new(StartKey: "forgotten"), Make.Never));
        Assert.Equal(4, (await again.ReadRunAsync(new(StartKey: "taken again"), Make.Never))!.Key);
        Assert.Equal(3, (await again.ReadRunAsync(new(StartKey: "free at last"), Make.Never))!.Key);
        clock.Advance(TimeSpan.FromDays(2));
        Assert.Equal(1, await again.ForgetKeysAsync(10, Make.Never));
        Assert.Null(await again.ReadRunAsync(new(StartKey: "free at last"), Make.Never));
    }

    private static void NoFlush(FileStoreOptions options) => options.Flushes = false;

    /// <summary>A folder as a process leaves it that is killed behind its last group. Answers the segment of the journal and where the last record begins.</summary>
    private static async Task<(string Segment, int Length)> WriteAsync(TempFolder folder, int events)
    {
        await using var store = await folder.OpenAsync();
        var worker = await Some.WorkerAsync(store);
        await worker.CommitAsync(Some.Owned(Make.Birth(1)));
        for (var i = 1; i < events; i++) await worker.CommitAsync(Some.Step(1, i));
        var segment = Assert.Single(Directory.GetFiles(folder.PathOf(".journal")));
        var length = (int)new FileInfo(segment).Length;
        await worker.CommitAsync(Some.Step(1, events));
        store.Owner!.Forget();
        // Whoever closes the store now finds nothing in memory, and leaves everything as it is.
        return (segment, length);
    }

    private static TempFolder Copy(TempFolder folder)
    {
        var copy = new TempFolder();
        foreach (var path in Directory.EnumerateFiles(folder.Path, "*", SearchOption.AllDirectories))
        {
            var target = copy.PathOf(Path.GetRelativePath(folder.Path, path));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            System.IO.File.Copy(path, target);
        }
        return copy;
    }
}
