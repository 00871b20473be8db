using Perdure.Storage;
using Perdure.Storage.Memory;
using Perdure.Stores.Tests.Contract;
using Perdure.Testing.Shared;

namespace Perdure.Stores.Tests.Memory;

/// <summary>What the model does beyond the contract.</summary>
public sealed class MemoryStoreTests
{
    [Fact]
    public void EveryCall_HasCompletedWhenItReturns()
    {
        var store = new MemoryStore(new ManualClock());
        Assert.Equal("memory", store.Name);
        Assert.True(store.InitializeAsync(migrate: false, Make.Never).IsCompletedSuccessfully);
        Assert.True(store.ReserveKeysAsync(1, Make.Never).IsCompletedSuccessfully);
        Assert.True(store.StartRunsAsync([Make.Birth(1)], Make.Never).IsCompletedSuccessfully);
        Assert.True(store.StartRunsAsync([Make.Birth(1, id: "other")], Make.Never).IsFaulted);
        Assert.True(store.ReserveKeysAsync(0, Make.Never).IsFaulted);
    }

    /// <summary>
    /// A store may rely on its unique key (run, sequence) alone, so it need not notice a gap. The model does, so that an engine that
    /// leaves one is found out.
    /// </summary>
    [Fact]
    public async Task CommitGroup_AppendThatWouldLeaveAGap_IsRefused()
    {
        var store = new MemoryStore(new ManualClock());
        var worker = new TestWorker(store, (await store.RegisterWorkerAsync(
            new(Guid.NewGuid(), "test", 1, TimeSpan.FromSeconds(5)), Make.Never)).Worker);
        var birth = Make.Birth(1);
        await worker.WriteAsync(new() { Run = 1, Term = 1, Birth = birth, Owned = true, BaseSequence = 1 });

        foreach (var bundle in new[] { new Holding(1, 1, 2).Append(), new Holding(7, 1, 0).Append() })
        {
            var outcome = await worker.CommitAsync(bundle);
            Assert.Equal(new Refusal(bundle.Run, RefusalReason.NotOwned), Assert.Single(outcome.Refusals));
        }
        Assert.Single(await store.ReadHistoryAsync(1, 0, Make.Never));
    }
}
