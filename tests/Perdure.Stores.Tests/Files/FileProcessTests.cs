using Perdure.Storage;
using Perdure.Stores.Tests.Contract;
using Perdure.Stores.Tests.Processes;

namespace Perdure.Stores.Tests.Files;

/// <summary>Real processes on one folder: one owns it, others go through its inbox, and whoever dies loses nothing that was acknowledged.</summary>
public sealed class FileProcessTests
{
    [Fact]
    public async Task Kill_InTheMiddleOfWriting_LosesNothingThatWasAcknowledged()
    {
        using var folder = new TempFolder();
        var acknowledged = 0;
        var random = new Random(1);
        // Each process takes over what the one before left, and writes a run of its own.
        for (var round = 1; round <= 5; round++)
        {
            acknowledged = 0;
            var until = random.Next(20, 200);
            using (var child = ChildProcess.Start("write", "file:" + folder.Path, $"{round}"))
            {
                Assert.StartsWith("owns ", await child.ReadLineAsync(), StringComparison.Ordinal);
                while (acknowledged < until && await child.ReadLineAsync() == $"wrote {acknowledged + 1}") acknowledged++;
                child.Kill();
                while (await child.ReadLineAsync() is { } rest) acknowledged = rest == $"wrote {acknowledged + 1}" ? acknowledged + 1 : acknowledged;
            }

            await using var store = await folder.OpenAsync();
            var history = await store.ReadHistoryAsync(round, 0, Make.Never);
            // One more may have become durable before its answer could be written.
            Assert.InRange(history.Count, acknowledged + 1, acknowledged + 2);
            Assert.Equal(Enumerable.Range(0, history.Count), history.Select(batch => batch.FirstSequence));
            Assert.All(history.Skip(1), batch => Assert.Equal(Some.Event(batch.FirstSequence).Bytes.ToArray(), batch.Bytes.ToArray()));
        }
        Assert.True(acknowledged > 0);
    }

    [Fact]
    public async Task O2_ProcessesThatTakeTurnsAtOneRun_LeaveNoGapAndNoDouble()
    {
        using var folder = new TempFolder();
        await using (var first = await folder.OpenAsync()) await first.StartRunsAsync([Make.Birth(1)], Make.Never);

        var written = 0;
        for (var events = 100; events <= 300; events += 100)
        {
            using var child = ChildProcess.Start("share", "file:" + folder.Path, "1", $"{events}");
            written += int.Parse((await child.ReadLineAsync())!["wrote ".Length..]);
            await child.ExitAsync();
            await using var store = await folder.OpenAsync();
            var history = await store.ReadHistoryAsync(1, 0, Make.Never);
            Assert.Equal(1 + written, history.Sum(batch => batch.Count));
            var next = 0;
            foreach (var batch in history)
            {
                Assert.Equal(next, batch.FirstSequence);
                next += batch.Count;
            }
            // The run was given back for good; the next process shall have it.
            await store.PostMessagesAsync([Make.Message(1, $"again {events}")], Make.Never);
        }
    }

    [Fact]
    public async Task Open_WhileAnotherProcessOwnsTheFolder_IsRefusedAndNamesIt_AndFollowsItsDeath()
    {
        using var folder = new TempFolder();
        using var child = ChildProcess.Start("hold", "file:" + folder.Path, "1");
        Assert.StartsWith("owns ", await child.ReadLineAsync(), StringComparison.Ordinal);

        await using var second = folder.Create(configure: static options => options.OwnerTimeout = TimeSpan.FromMilliseconds(200));
        var error = await Assert.ThrowsAsync<StoreException>(() => second.InitializeAsync(migrate: true, Make.Never));
        Assert.Equal((StoreFault.InUse, "PERD1307"), (error.Fault, error.Code));
        Assert.Contains($"process {child.Id} ", error.Message, StringComparison.Ordinal);

        child.Kill();
        await second.InitializeAsync(migrate: true, Make.Never);
        // The dead process's worker is known to be dead, and what it owned is free at once.
        Assert.Equal(new FenceReport(0, 1, 0), await second.FenceDeadWorkersAsync(100, Make.Never));
        Assert.Equal(0, (await second.ReadRunAsync(new(Key: 1), Make.Never))!.Owner);
    }

    [Fact]
    public async Task Client_WhileAnotherProcessOwnsTheFolder_StartsSignalsDeletesAndReadsThroughTheInbox()
    {
        using var folder = new TempFolder();
        using var child = ChildProcess.Start("hold", "file:" + folder.Path, "1000");
        Assert.StartsWith("owns ", await child.ReadLineAsync(), StringComparison.Ordinal);
        await using var client = folder.CreateClient();
        await client.InitializeAsync(migrate: true, Make.Never);
        await FileClientTests.UseAsync(client);
        Assert.Empty(Directory.EnumerateFiles(folder.PathOf("inbox")));
    }

    [Fact]
    public async Task Commit_WhenTheDiskIsFull_ChangesNothingAndGoesOnWhenThereIsRoom()
    {
        if (!OperatingSystem.IsLinux()) return;
        using var folder = new TempFolder();
        var acknowledged = 0;
        string? line;
        long worker;
        using (var child = ChildProcess.StartWithFileLimit(kibibytes: 256, "write", "file:" + folder.Path, "1"))
        {
            worker = long.Parse((await child.ReadLineAsync())![5..]);
            while ((line = await child.ReadLineAsync()) is not null && line.StartsWith("wrote ", StringComparison.Ordinal)) acknowledged++;
        }
        Assert.Equal("failed Unwritable", line);

        await using var store = await folder.OpenAsync();
        // The birth was attempt 1, so the refused one has the number behind all that were acknowledged.
        Assert.False(await store.ResolveAsync(worker, 1, acknowledged + 2, Make.Never));
        Assert.True(await store.ResolveAsync(worker, 1, acknowledged + 1, Make.Never));
        Assert.Equal(acknowledged + 1, (await store.ReadHistoryAsync(1, 0, Make.Never)).Count);
        var heir = await Some.WorkerAsync(store);
        await store.FenceDeadWorkersAsync(100, Make.Never);
        Assert.True((await heir.WriteAsync((await heir.ClaimOneAsync()).Bundle(close: RunStatus.Completed))).Closed);
    }
}
