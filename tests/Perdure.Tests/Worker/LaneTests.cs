using Perdure.Journal;
using Perdure.Storage;
using Perdure.Storage.Memory;
using Perdure.Testing.Shared;
using Perdure.Tests.Engine;
using Perdure.Worker;

namespace Perdure.Tests.Worker;

/// <summary>The lane when those that it serves do what they must not.</summary>
public class LaneTests
{
    private readonly ManualClock _clock = new();
    private readonly List<Exception> _failures = [];

    [Fact]
    public async Task SourceThatCannotSayWhatItWants_IsToldAndItsNeighboursAreWritten()
    {
        var (lane, worker) = await CreateAsync();
        var (bad, good) = (new Source { TakeFails = true }, new Source { Worker = worker });
        lane.Enqueue(bad);
        lane.Enqueue(good);
        var running = lane.RunAsync();
        Assert.Equal("committed", await good.Fate.Task.Soon());
        Assert.Equal("failed: take", await bad.Fate.Task.Soon());
        lane.Stop();
        await running.Soon();
        Assert.Empty(_failures);
    }

    [Fact]
    public async Task SourceThatCannotTakeItsAnswer_EndsTheLaneVisiblyAndLetsAllOthersGo()
    {
        var (lane, worker) = await CreateAsync();
        var (bad, next) = (new Source { Worker = worker, CommitFails = true }, new Source { Worker = worker, FenceFails = true });
        var last = new Source { Worker = worker };
        lane.Enqueue(bad);
        lane.Enqueue(next);
        lane.Enqueue(last);
        await lane.RunAsync().Soon();
        Assert.Equal("fenced", await last.Fate.Task.Soon());
        Assert.Equal(["committed", "fenced"], _failures.Select(failure => failure.Message));
        Assert.True(lane.IsIdle);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(6)]
    public async Task ItemThatTheStoreCanNeverTake_IsTakenOutOfItsGroup_AndTheOthersAndTheirLaterTurnsAreWritten(int place)
    {
        var groups = new List<int>();
        var poison = new Source();
        var (lane, worker) = await CreateAsync(store => StoreSpy.On(store, (call, arguments) =>
        {
            if (call != nameof(IPerdureStore.CommitGroupAsync)) return;
            var bundles = ((RunGroup)arguments![0]!).Bundles;
            groups.Add(bundles.Count);
            if (bundles.Any(bundle => bundle.Run == poison.Key)) throw new StoreException(StoreFault.Data, "This cannot be stored.");
        }));
        var others = Enumerable.Range(0, 6).Select(_ => new Source { Worker = worker, Lane = lane, Turns = 3 }).ToList();
        List<Source> all = [.. others[..place], poison, .. others[place..]];
        foreach (var source in all) lane.Enqueue(source);
        var running = lane.RunAsync();

        Assert.Equal("poisoned: This cannot be stored.", await poison.Fate.Task.Soon());
        foreach (var other in others) Assert.Equal("committed", await other.Fate.Task.Soon());
        lane.Stop();
        await running.Soon();
        Assert.Empty(_failures);
        Assert.Equal(all.Count, groups[0]);
        Assert.Contains(1, groups);
        Assert.All(others, static other => Assert.Equal(0, other.Turns));
    }

    private async Task<(Lane Lane, long Worker)> CreateAsync(Func<IPerdureStore, IPerdureStore>? wrap = null)
    {
        IPerdureStore store = new MemoryStore(_clock);
        if (wrap is not null) store = wrap(store);
        var worker = (await store.RegisterWorkerAsync(new(Guid.NewGuid(), "test", 1, TimeSpan.FromMinutes(1)), default)).Worker;
        var calls = new StoreCalls(_clock, () => 0.5, TimeSpan.FromSeconds(30));
        return (new Lane(store, calls, new KnownWork(), _clock, new ThreadScheduler(), worker, number: 1)
        {
            OnClock = static (_, _) => { }, OnFenced = static () => { }, OnFailed = _failures.Add,
        }, worker);
    }

    private sealed class Source : IBundleSource
    {
        private static long _keys;

        public TaskCompletionSource<string> Fate { get; } = new();

        public long Worker { get; init; }

        /// <summary>Where it goes again while it has turns to write.</summary>
        public Lane? Lane { get; init; }

        public int Turns { get; set; } = 1;

        /// <summary>The run of its last bundle.</summary>
        public long Key { get; private set; }

        public bool TakeFails { get; init; }

        public bool CommitFails { get; init; }

        public bool FenceFails { get; init; }

        public RunBundle? Take()
        {
            if (TakeFails) throw new InvalidOperationException("take");
            var birth = new RunBirth
            {
                Key = Key = Interlocked.Increment(ref _keys), Id = $"run-{Key}", Workflow = "w", Version = 1, Queue = "default", CreatedAt = new(1), DueAt = new(1), InputHash = new byte[] { 1 },
                Input = "1"u8.ToArray(), EngineSemantics = 1, Events = new EventBatch(0, 1, new byte[] { 1 }),
            };
            return new RunBundle { Run = birth.Key, Term = 1, Birth = birth, Owned = true, BaseSequence = 1 };
        }

        public void Committed(in BundleOutcome outcome, Instant now)
        {
            if (CommitFails) throw new InvalidOperationException("committed");
            if (--Turns > 0)
            {
                Lane!.Enqueue(this);
                return;
            }
            Fate.TrySetResult("committed");
        }

        public void Refused(RefusalReason reason) => Fate.TrySetResult("refused");

        public void Poisoned(StoreException reason) => Fate.TrySetResult("poisoned: " + reason.Message);

        public void Failed(Exception reason) => Fate.TrySetResult("failed: " + reason.Message);

        public void Fenced()
        {
            if (FenceFails) throw new InvalidOperationException("fenced");
            Fate.TrySetResult("fenced");
        }
    }
}
