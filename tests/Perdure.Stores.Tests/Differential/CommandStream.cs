using Perdure.Storage;
using Perdure.Testing.Shared;

namespace Perdure.Stores.Tests.Differential;

/// <summary>
/// One seeded stream of commands: two workers and the zombies of their predecessors, clients and an operator, all acting on a handful of
/// runs. Most commands are what a sound engine would send; some are late, stale or repeated on purpose.
/// </summary>
internal sealed partial class CommandStream(int seed, ManualClock clock, IPerdureStore store, IPerdureStore model, Coverage coverage)
{
    private const int WorkerSlots = 2;
    private const int Lanes = 2;

    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(10);
    private static readonly CancellationToken Never = CancellationToken.None;

    private readonly Random _random = new(seed);

    /// <summary>What operators order of workers has chances of its own, so that the rest of a stream is what it would be without.</summary>
    private readonly Random _orders = new(~seed);
    private readonly FenceOracle _fence = new();
    private readonly DumpCheck _check = new();
    private readonly List<StreamWorker> _workers = [];
    private readonly List<StreamWorker> _zombies = [];
    private readonly SortedDictionary<string, (long Key, RunFacts Facts)> _runs = new(StringComparer.Ordinal);
    private readonly List<string> _trace = [];
    private long _writer;

    private Instant Now => Instant.From(clock.GetUtcNow());

    public async Task RunAsync(int commands, int dumpEvery)
    {
        try
        {
            for (var slot = 0; slot < WorkerSlots; slot++) _workers.Add(await RegisterAsync());
            for (var i = 0; i < commands; i++)
            {
                _writer = 0;
                await StepAsync();
                await CheckDumpAsync();
                if (i % dumpEvery == 0 || i == commands - 1) await CompareDumpsAsync();
            }
        }
        catch (Exception e)
        {
            throw new InvalidOperationException(
                $"Seed {seed}: {e.Message}\nThe last commands:\n{string.Join('\n', _trace.TakeLast(25))}", e);
        }
    }

    private Task StepAsync() => _random.Next(100) switch
    {
        < 9 => PassTimeAsync(),
        < 10 => ChangeQueueAsync(),
        < 16 => RenewAsync(),
        < 21 => FenceAsync(),
        < 25 => ReplaceAsync(),
        < 28 => StartAsync(),
        < 32 => StartWithSignalAsync(),
        < 53 => CommitAsync(),
        < 54 => WithdrawTasksAsync(),
        < 57 => AnswerAsync(),
        < 66 => PostAsync(),
        < 75 => ClaimRunsAsync(),
        < 79 => ReadMessagesAsync(),
        < 85 => ClaimTasksAsync(),
        < 90 => CompleteAsync(),
        < 92 => BeatAsync(),
        < 95 => ReopenAsync(),
        < 96 => DeleteAsync(),
        < 99 => PurgeAsync(),
        _ => ReadAsync(),
    };

    /// <summary>Gives a command to both stores and compares what they say.</summary>
    private async Task<T> AskAsync<T>(string what, Func<IPerdureStore, Task<T>> command) =>
        await TryAskAsync(what, command) is (true, var answer)
            ? answer!
            : throw new InvalidOperationException($"{what} failed in both stores.");

    /// <summary>The same for a command that both stores may find impossible to store.</summary>
    private async Task<(bool Succeeded, T? Answer)> TryAskAsync<T>(string what, Func<IPerdureStore, Task<T>> command)
    {
        _trace.Add($"{_trace.Count,4} {Now} {what}");
        var expected = await AnswerAsync(model);
        var actual = await AnswerAsync(store);
        Assert.Equal(expected.Text, actual.Text);
        _trace[^1] += $" -> {(actual.Text.Length > 400 ? actual.Text[..400] + " ..." : actual.Text)}";
        return (actual.Succeeded, actual.Answer);

        async Task<(bool Succeeded, T? Answer, string Text)> AnswerAsync(IPerdureStore target)
        {
            try
            {
                var answer = await command(target);
                return (true, answer, Normal.Text(answer));
            }
            catch (StoreException e)
            {
                return (false, default, $"fails: {e.Fault}");
            }
        }
    }

    /// <summary>The invariants from one command to the next; in the model, which holds what the store holds.</summary>
    private async Task CheckDumpAsync()
    {
        foreach (var (id, (key, facts)) in _runs)
        {
            var row = await model.ReadRunAsync(new(Id: id), Never);
            Assert.NotNull(row);
            _check.Check(row, await model.ReadHistoryAsync(key, 0, Never), facts, _writer);
        }
    }

    private async Task CompareDumpsAsync()
    {
        foreach (var (id, (key, _)) in _runs)
        {
            Assert.Equal(Normal.Text(await model.ReadRunAsync(new(Id: id), Never)), Normal.Text(await store.ReadRunAsync(new(Id: id), Never)));
            Assert.Equal(Normal.History(await model.ReadHistoryAsync(key, 0, Never)), Normal.History(await store.ReadHistoryAsync(key, 0, Never)));
        }
        var all = new RunQuery { Limit = 1000 };
        var list = await model.ListRunsAsync(all, Never);
        Assert.Equal(Normal.Text(list), Normal.Text(await store.ListRunsAsync(all, Never)));
        Assert.Equal(_runs.Keys, list.Runs.Select(run => run.Id).Order(StringComparer.Ordinal));
        var requests = new RequestQuery { Limit = 1000 };
        Assert.Equal(Normal.Text(await model.ListRequestsAsync(requests, Never)), Normal.Text(await store.ListRequestsAsync(requests, Never)));
        foreach (var worker in _workers.Concat(_zombies))
        {
            var inboxes = await model.ReadMessagesAsync(worker.Key, null, Never);
            Assert.Equal(Normal.Text(inboxes), Normal.Text(await store.ReadMessagesAsync(worker.Key, null, Never)));
        }
    }

    private bool Chance(int percent) => _random.Next(100) < percent;

    private T Pick<T>(params ReadOnlySpan<T> items) => items[_random.Next(items.Length)];

    private List<T> Some<T>(IEnumerable<T> items, int most) => [.. items.OrderBy(_ => _random.Next()).Take(_random.Next(most + 1))];

    /// <summary>A living worker, mostly; sometimes one that was replaced and does not know it.</summary>
    private StreamWorker AnyWorker() => _zombies.Count > 0 && Chance(15) ? Pick([.. _zombies]) : Pick([.. _workers]);

    private Instant Soon(int seconds = 8) => Now.Add(TimeSpan.FromMilliseconds(_random.Next(seconds * 1000)));

    private Task PassTimeAsync()
    {
        clock.Advance(TimeSpan.FromMilliseconds(Chance(30) ? _random.Next(6_000) : _random.Next(300)));
        return Task.CompletedTask;
    }
}
