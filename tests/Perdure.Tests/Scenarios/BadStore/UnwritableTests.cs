using Microsoft.Extensions.DependencyInjection;
using Perdure.Sqlite;
using Perdure.Storage;
using Perdure.Tests.Engine;

namespace Perdure.Tests.Scenarios.BadStore;

/// <summary>A store that takes no writes for a while: the engine says so, loses nothing, and goes on by itself.</summary>
public class UnwritableTests
{
    private const string FreeSpace = "Free some space on the disk";
    private const string Rights = "write permission for the file, for its directory";

    [Fact]
    public async Task AFullDisk_IsToldWithItsAdvice_AndWhenThereIsRoomTheRunGoesOnWithoutALoss()
    {
        using var store = new TestStore(StoreKind.Sqlite);
        var probe = new Probe();
        var log = new LogLines("Perdure.Worker");
        await using var engine = await TestEngine.StartAsync(store, builder =>
        {
            log.Use(builder);
            builder.AddWorkflow("fill", async (WorkflowContext ctx, Unit _) =>
            {
                var length = 0;
                for (var i = 0; i < 10; i++)
                {
                    var number = i;
                    length += (await ctx.StepAsync("page", async () =>
                    {
                        await probe.HoldAsync("page " + number);
                        return new string('x', 20_000);
                    })).Length;
                }
                return length;
            });
        });
        var run = await engine.Client.StartAsync("fill", default(Unit)).Soon();
        for (var i = 0; i < 3; i++)
        {
            probe.Open("page " + i);
            await probe.ReachedAsync("page " + (i + 1));
        }
        // No page more than the file has now, for any process.
        Set(engine.Store, "PRAGMA max_page_count=1");
        store.WriterPragmas = "PRAGMA max_page_count=1;";
        await using var other = TestEngine.ClientOnly(store);
        for (var i = 3; i < 10; i++) probe.Open("page " + i);

        // The worker says what is wrong and what would help, tries again and again, and begins no further body meanwhile.
        await engine.TrickleAsync(Waiting.UntilAsync(() => log.Written.Count(line => line.Contains("Unwritable", StringComparison.Ordinal)) >= 3));
        Assert.Contains(log.Written, line => line.Contains(FreeSpace, StringComparison.Ordinal));
        var begun = probe.Calls.Length;
        Assert.InRange(begun, 4, 9);
        // Started, and the pages before the one whose body began last.
        Assert.Equal(begun, (await run.GetHistoryAsync()).Count);
        // A caller is told at once, with the code under which the documents explain it. Nothing was stored of its call.
        var error = await Assert.ThrowsAsync<StoreException>(() => other.Client.StartAsync("fill", new string('x', 500_000), new() { AllowRemote = true, Id = "refused" }).Soon());
        Assert.Equal(("PERD1304", StoreFault.Unwritable), (error.Code, error.Fault));
        Assert.Contains(FreeSpace, error.Message, StringComparison.Ordinal);
        Assert.Contains(store.Path, error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<RunNotFoundException>(() => other.Client.GetAsync("refused"));

        Set(engine.Store, "PRAGMA max_page_count=1000000");

        Assert.Equal(200_000, await engine.TrickleAsync(run.ResultAsync<int>()));
        Assert.Equal(Enumerable.Range(0, 10).Select(i => "page " + i), probe.Calls);
        Assert.Equal(Enumerable.Range(0, 12), (await run.GetHistoryAsync()).Select(e => e.Sequence));
    }

    private static void Set(IPerdureStore store, string pragma)
    {
        using var write = ((SqliteStore)store).Writer.Begin("change what may be written");
        write.Db.Execute(pragma);
    }

    [Fact]
    public async Task AReadOnlyFile_IsToldWithItsAdvice_AndGoesOnWithItsRights()
    {
        using var store = new TestStore(StoreKind.Sqlite);
        var log = new LogLines("Perdure.Worker");
        void Register(IPerdureBuilder builder)
        {
            log.Use(builder);
            builder.AddWorkflow("wait", (WorkflowContext ctx, Unit _) => ctx.WaitForAsync(new Signal<int>("go")));
        }
        string id;
        await using (var first = await TestEngine.StartAsync(store, Register))
        {
            var run = await first.Client.StartAsync("wait", default(Unit)).Soon();
            id = run.Id;
            await run.WaitsForAsync("signal");
            await first.StopAsync();
        }
        await using (var second = await TestEngine.StartAsync(store, Register))
        {
            Set(second.Store, "PRAGMA query_only=ON");

            var error = await Assert.ThrowsAsync<StoreException>(() => second.TrickleAsync(second.Client.SignalAsync(id, "go", 7)));
            Assert.Equal("PERD1304", error.Code);
            Assert.Contains(Rights, error.Message, StringComparison.Ordinal);
            await second.TrickleAsync(Waiting.UntilAsync(() => log.Written.Count(line => line.Contains("Unwritable", StringComparison.Ordinal)) >= 3));
            Assert.Contains(log.Written, line => line.Contains(Rights, StringComparison.Ordinal));
            // Reading works all the time.
            Assert.Equal(RunStatus.Suspended, (await second.Client.GetAsync(id)).Status);
        }
        store.WriterPragmas = "PRAGMA query_only=ON;";
        var start = await Assert.ThrowsAsync<StoreException>(() => TestEngine.StartAsync(store, Register));
        Assert.Equal("PERD1304", start.Code);
        Assert.Contains(Rights, start.Message, StringComparison.Ordinal);
        store.WriterPragmas = "";
        await using var third = await TestEngine.StartAsync(store, Register);
        var handle = third.Client.Handle<int>(id);
        await handle.SignalAsync("go", 42).Soon();

        Assert.Equal(42, await third.TrickleAsync(handle.ResultAsync()));
        Assert.Single(await handle.GetHistoryAsync(kinds: [EventKind.SignalReceived]));
    }
}
