using Perdure.Storage;
using Perdure.Stores.Tests.Contract;
using Perdure.Stores.Tests.Processes;

namespace Perdure.Stores.Tests.Sqlite;

/// <summary>
/// Several processes on one file: who dies is noticed at once, who writes leaves room for others, and what was acknowledged is there.
/// </summary>
public sealed class SqliteProcessTests
{
    [Fact]
    public async Task Fence_AfterAProcessWasKilled_FreesItsRunsWithoutWaitingForTheLease()
    {
        using var file = new TempDatabase();
        await using var store = await file.OpenAsync();
        using var child = ChildProcess.Start("hold", file.Path, "1");
        Assert.StartsWith("owns ", await child.ReadLineAsync(), StringComparison.Ordinal);

        var living = await store.FenceDeadWorkersAsync(100, Make.Never);
        child.Kill();
        var dead = await store.FenceDeadWorkersAsync(100, Make.Never);

        Assert.Equal(new FenceReport(0, 0, 0), living);
        Assert.Equal(new FenceReport(1, 1, 0), dead);
        Assert.Equal(0, (await store.ReadRunAsync(new(Key: 1), Make.Never))!.Owner);
    }

    [Fact]
    public async Task Kill_InTheMiddleOfWriting_LosesNothingThatWasAcknowledged()
    {
        using var file = new TempDatabase();
        await using var store = await file.OpenAsync();
        var acknowledged = 0;
        using (var child = ChildProcess.Start("write", file.Path, "1"))
        {
            while (acknowledged < 300) acknowledged = await NextAsync(child, acknowledged);
            child.Kill();
            // What was in the pipe was acknowledged as well; the last line may be cut off.
            while (await child.ReadLineAsync() is { } rest)
                acknowledged = rest == $"wrote {acknowledged + 1}" ? acknowledged + 1 : acknowledged;
        }

        var history = await store.ReadHistoryAsync(1, 0, Make.Never);

        // One more may have become durable before its answer could be written.
        Assert.InRange(history.Count, acknowledged + 1, acknowledged + 2);
        Assert.Equal(Enumerable.Range(0, history.Count), history.Select(batch => batch.FirstSequence));
    }

    [Fact]
    public async Task TwoProcesses_BothWritingWithoutABreak_BothGetTheirShare()
    {
        using var file = new TempDatabase();
        await using var store = await file.OpenAsync();
        var worker = await Some.WorkerAsync(store);
        await worker.CommitAsync(Some.Owned(Make.Birth(1)));
        using var child = ChildProcess.Start("write", file.Path, "2");
        Assert.StartsWith("owns ", await child.ReadLineAsync(), StringComparison.Ordinal);

        // Both write until both have written so much: a process that a busy machine gives no processor for a while has not lost its turns.
        const int enough = 300, tooMany = enough * 60;
        var (own, others) = (0, 0);
        var reading = Task.Run(async () =>
        {
            while (Volatile.Read(ref others) < tooMany && await child.ReadLineAsync() is { } line && line == $"wrote {others + 1}") Interlocked.Increment(ref others);
        });
        while (own < tooMany && !reading.IsCompleted && (own < enough || Volatile.Read(ref others) < enough)) await worker.CommitAsync(Some.Step(1, ++own));
        var (mine, theirs) = (own, Volatile.Read(ref others));
        child.Kill();
        await reading;

        Assert.InRange((await store.ReadHistoryAsync(2, 0, Make.Never)).Count, theirs + 1, int.MaxValue);
        Assert.Equal(mine + 1, (await store.ReadHistoryAsync(1, 0, Make.Never)).Count);
        // Left alone, SQLite gives one process about a thousand turns for one of the other.
        Assert.InRange(mine, enough, tooMany - 1);
        Assert.InRange(theirs, enough, tooMany - 1);
    }

    [Fact]
    public async Task O2_TwoProcessesAppendingToOneRun_LeaveNoGapAndNoDouble()
    {
        using var file = new TempDatabase();
        await using var store = await file.OpenAsync();
        await store.StartRunsAsync([Make.Birth(1)], Make.Never);
        var worker = await Some.WorkerAsync(store);
        using var child = ChildProcess.Start("share", file.Path, "1", "1000");

        var own = await Task.Run(() => ChildProgram.ShareAsync(store, worker, events: 1000));
        var line = await child.ReadLineAsync();

        Assert.StartsWith("wrote ", line, StringComparison.Ordinal);
        var others = int.Parse(line![6..]);
        var history = await store.ReadHistoryAsync(1, 0, Make.Never);
        Assert.Equal(1 + own + others, history.Sum(batch => batch.Count));
        var next = 0;
        foreach (var batch in history)
        {
            Assert.Equal(next, batch.FirstSequence);
            next += batch.Count;
        }
        Assert.True(own > 0 && others > 0, $"{own} events from here, {others} from the other process.");
        // Who has given the run back can append nothing more.
        var stale = new Holding(1, term: 1, next);
        Assert.Equal(GroupVerdict.Refused, (await worker.CommitAsync(stale.Bundle(events: 1, Holding.Row(RunStatus.Running, Instant.Earliest)))).Verdict);
    }

    [Fact]
    public async Task Commit_WhenTheDeviceFails_IsUnknownAndResolves()
    {
        if (!OperatingSystem.IsLinux()) return;
        using var file = new TempDatabase();
        await using (await file.OpenAsync()) { }
        var acknowledged = 0;
        string? line;
        long worker;
        using (var child = ChildProcess.StartWithFileLimit(kibibytes: 1024, "write", file.Path, "1"))
        {
            worker = long.Parse((await child.ReadLineAsync())![5..]);
            while ((line = await child.ReadLineAsync()) is not null && line.StartsWith("wrote ", StringComparison.Ordinal)) acknowledged++;
        }
        Assert.Equal("failed Unknown", line);

        await using var store = await file.OpenAsync();
        // The birth was attempt 1, so the failed one has the number behind all that were acknowledged.
        Assert.False(await store.ResolveAsync(worker, 1, acknowledged + 2, Make.Never));
        Assert.True(await store.ResolveAsync(worker, 1, acknowledged + 1, Make.Never));
        Assert.Equal(acknowledged + 1, (await store.ReadHistoryAsync(1, 0, Make.Never)).Count);
    }

    [Fact]
    public async Task Initialize_ByFourProcessesAtOnce_GivesEachItsOwnWorker()
    {
        using var file = new TempDatabase();
        var children = Enumerable.Range(1, 4).Select(run => ChildProcess.Start("hold", file.Path, $"{run}")).ToArray();

        var lines = await Task.WhenAll(children.Select(child => child.ReadLineAsync()));

        Assert.Equal(["owns 1", "owns 2", "owns 3", "owns 4"], lines.Order());
        foreach (var child in children) child.Dispose();
    }

    private static async Task<int> NextAsync(ChildProcess child, int sofar) =>
        await child.ReadLineAsync() is { } line && line.StartsWith("wrote ", StringComparison.Ordinal) ? int.Parse(line[6..]) : sofar;
}
