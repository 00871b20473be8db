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

    private async Task<(Lane Lane, long Worker)> CreateAsync()
    {
        var store = new MemoryStore(_clock);
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

        public bool TakeFails { get; init; }

        public bool CommitFails { get; init; }

        public bool FenceFails { get; init; }

        public RunBundle? Take()
        {
            if (TakeFails) throw new InvalidOperationException("take");
            var birth = new RunBirth
            {
                Key = ++_keys, Id = $"run-{_keys}", Workflow = "w", Version = 1, Queue = "default", CreatedAt = new(1), DueAt = new(1), InputHash = new byte[] { 1 },
                Input = "1"u8.ToArray(), EngineSemantics = 1, Events = new EventBatch(0, 1, new byte[] { 1 }),
            };
            return new RunBundle { Run = birth.Key, Term = 1, Birth = birth, Owned = true, BaseSequence = 1 };
        }

        public void Committed(in BundleOutcome outcome, Instant now)
        {
            if (CommitFails) throw new InvalidOperationException("committed");
            Fate.TrySetResult("committed");
        }

        public void Refused(RefusalReason reason) => Fate.TrySetResult("refused");

        public void Poisoned(StoreException reason) => Fate.TrySetResult("poisoned");

        public void Failed(Exception reason) => Fate.TrySetResult("failed: " + reason.Message);

        public void Fenced()
        {
            if (FenceFails) throw new InvalidOperationException("fenced");
            Fate.TrySetResult("fenced");
        }
    }
}
