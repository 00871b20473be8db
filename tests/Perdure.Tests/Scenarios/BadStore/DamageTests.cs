using Microsoft.Extensions.DependencyInjection;
using Perdure.Sqlite.Native;
using Perdure.Storage;
using Perdure.Tests.Engine;

namespace Perdure.Tests.Scenarios.BadStore;

/// <summary>Stored bytes that changed behind the engine's back: seen, told, and nothing is built on them.</summary>
public class DamageTests
{
    private static readonly Signal<int> Go = new("go");

    private static readonly Sql ReadEvents = new("SELECT seq, bytes FROM perdure_event WHERE run = (SELECT key FROM perdure_run WHERE id = ?1) ORDER BY seq");
    private static readonly Sql WriteEvents = new("UPDATE perdure_event SET bytes = ?3 WHERE seq = ?2 AND run = (SELECT key FROM perdure_run WHERE id = ?1)");

    private static void Register(IPerdureBuilder builder, Probe probe) => builder.AddWorkflow("add", async (WorkflowContext ctx, int number) =>
    {
        var one = await ctx.StepAsync("one", () => probe.NoteAsync("one", number));
        return one + await ctx.WaitForAsync(Go) + await ctx.StepAsync("two", () => probe.NoteAsync("two", 1));
    });

    [Fact]
    public async Task AFlippedBitInAHistory_BlocksThatRunOnly_AndTheRightByteLetsItGoOn()
    {
        using var store = new TestStore(StoreKind.Sqlite);
        var probe = new Probe();
        List<string> ids = [];
        await using (var first = await TestEngine.StartAsync(store, builder => Register(builder, probe)))
        {
            // The last one stays whole.
            for (var i = 0; i <= 12; i++)
            {
                var run = await first.Client.StartAsync("add", i, new() { Id = "run-" + i }).Soon();
                ids.Add(run.Id);
                await run.WaitsForAsync("signal");
            }
            await first.StopAsync();
        }
        var flipped = Flip(store.Path, ids[..12]);
        await using var second = await TestEngine.StartAsync(store, builder => Register(builder, probe));
        foreach (var id in ids) await second.Client.SignalAsync(id, Go, 100).Soon();

        Assert.Equal(12 + 100 + 1, await second.TrickleAsync(second.Client.Handle<int>(ids[12]).ResultAsync()));
        foreach (var id in ids[..12])
        {
            var run = second.Client.Handle(id);
            await second.TrickleAsync(run.BecomesAsync(RunStatus.Blocked));
            var info = await run.GetAsync();
            Assert.Equal("CorruptHistory", info.BlockedReason);
            Assert.NotEmpty(info.BlockedDetail!);
            var damaged = await Assert.ThrowsAsync<HistoryDamagedException>(() => run.GetHistoryAsync());
            Assert.Equal(("PERD1209", id), (damaged.Code, damaged.RunId));
            await Assert.ThrowsAsync<HistoryDamagedException>(() => run.GetAsync(RunInclude.Steps));
            Assert.Equal(ReplayVerdict.Damaged, (await run.CheckReplayAsync()).Verdict);
        }
        Assert.Equal(1, probe.Count("two"));

        foreach (var (id, batch) in flipped) Write(store.Path, id, batch.Sequence, batch.Bytes);
        for (var i = 0; i < 12; i++)
        {
            Assert.True(await second.Client.ResumeAsync(ids[i]).Soon());
            Assert.Equal(i + 100 + 1, await second.TrickleAsync(second.Client.Handle<int>(ids[i]).ResultAsync()));
        }
        Assert.Equal(13, probe.Count("one"));
        Assert.Equal(13, probe.Count("two"));
    }

    /// <summary>Changes one bit in the history of each run, everywhere from the kind of the first event to the checksum of the last, and returns what was there.</summary>
    private static List<(string Id, (int Sequence, byte[] Bytes) Batch)> Flip(string path, List<string> ids)
    {
        List<(string, (int, byte[]))> before = [];
        for (var i = 0; i < ids.Count; i++)
        {
            var batches = Read(path, ids[i]);
            var (sequence, bytes) = batches[i % batches.Count];
            before.Add((ids[i], (sequence, bytes)));
            byte[] changed = [.. bytes];
            changed[i * (bytes.Length - 1) / (ids.Count - 1)] ^= (byte)(1 << i % 8);
            Write(path, ids[i], sequence, changed);
        }
        return before;
    }

    private static List<(int Sequence, byte[] Bytes)> Read(string path, string id)
    {
        using var db = Connection.Open(path, create: false, pragmas: "", new Health());
        List<(int, byte[])> batches = [];
        var rows = db.Use(ReadEvents).Bind(1, id);
        while (rows.Read()) batches.Add((rows.Int32(0), rows.Bytes(1).ToArray()));
        return batches;
    }

    private static void Write(string path, string id, int sequence, byte[] bytes)
    {
        using var db = Connection.Open(path, create: false, pragmas: "", new Health());
        db.Use(WriteEvents).Bind(1, id).Bind(2, sequence).Bind(3, bytes).Do();
    }

    [Fact]
    public async Task DamagedPages_StopTheWorkerNotTheProcess_AndCallersAreTold()
    {
        using var store = new TestStore(StoreKind.Sqlite);
        var probe = new Probe();
        var log = new LogLines("Perdure.Worker");
        void Logged(IPerdureBuilder builder)
        {
            log.Use(builder);
            Register(builder, probe);
        }
        await using (var first = await TestEngine.StartAsync(store, Logged))
        {
            for (var i = 0; i < 300; i++) await first.Client.StartAsync("add", i, new() { Id = "run-" + i }).Soon();
            await Waiting.UntilAsync(async () => (await first.Client.GetAsync("run-299")).Status == RunStatus.Suspended);
            await first.StopAsync();
        }
        await using (var file = new FileStream(store.Path, FileMode.Open, FileAccess.ReadWrite))
        {
            // The first part holds the schema and what a start must read.
            file.Position = file.Length * 3 / 4 / 4096 * 4096;
            var garbage = new byte[file.Length - file.Position];
            Array.Fill(garbage, (byte)0xA5);
            file.Write(garbage);
        }
        await using var second = await TestEngine.StartAsync(store, Logged);

        StoreException? error = null;
        for (var i = 0; i < 300 && error is null; i++)
        {
            try
            {
                await second.Client.GetHistoryAsync("run-" + i).Soon();
            }
            catch (StoreException e)
            {
                error = e;
            }
            catch (RunNotFoundException)
            {
                // Its row was on a damaged page of an index.
            }
        }

        Assert.Equal(("PERD1305", StoreFault.Corrupt), (error?.Code, error!.Fault));
        Assert.Contains("restore a backup", error.Message, StringComparison.Ordinal);
        var refused = await Assert.ThrowsAsync<StoreException>(() => second.TrickleAsync(second.Client.StartAsync("add", 1)));
        Assert.Equal("PERD1305", refused.Code);
        await second.TrickleAsync(Waiting.UntilAsync(() => log.Written.Any(line => line.Contains("this worker has stopped", StringComparison.Ordinal))));
        Assert.Contains(log.Written, line => line.Contains("restore a backup", StringComparison.Ordinal));
    }
}
