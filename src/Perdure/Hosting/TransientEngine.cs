using Perdure.Client;
using Perdure.Storage;
using Perdure.Storage.Memory;
using Perdure.Worker;

namespace Perdure.Hosting;

/// <summary>
/// The engine of runs that are not recorded: the same worker on a store in the memory of this process, which nobody else sees. It begins with the first such run and ends with the
/// process, and its runs end with it. Thread safe.
/// </summary>
internal sealed class TransientEngine
{
    /// <summary>How long the result of a run can be asked for by its handle.</summary>
    private static readonly TimeSpan KeepEnded = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(5);

    private static readonly RunQuery Live = new()
    {
        Statuses = [RunStatus.Pending, RunStatus.Running, RunStatus.Suspended, RunStatus.Paused, RunStatus.Blocked], Limit = 500,
    };

    private readonly WorkerNode _node;
    private readonly MemoryStore _store;
    private readonly WorkerParts _parts;

    public TransientEngine(WorkerParts parts, ClientParts client)
    {
        _store = new MemoryStore(parts.Clock);
        _parts = parts with
        {
            Store = _store,
            Settings = parts.Settings with
            {
                OnlyQueue = PerdureDefaults.Queue, RunQueues = [PerdureDefaults.Queue],
                ActivityQueues = new Dictionary<string, int> { [PerdureDefaults.Queue] = parts.Settings.ActivityQueues.Values.Sum() },
                HistoryLimit = int.MaxValue,
                Retention = new RetentionPolicy
                {
                    Completed = KeepEnded, Failed = KeepEnded, Cancelled = KeepEnded, TimedOut = KeepEnded, Terminated = KeepEnded, CompensationFailed = KeepEnded, Interval = KeepEnded,
                },
            },
            Kit = parts.Kit with { HistoryLimit = int.MaxValue, HistoryWarning = int.MaxValue, StatusOf = (run, token) => RunStatuses.ReadAsync(_store, new Patience(parts.Clock), run, token) },
        };
        _node = new WorkerNode(_parts);
        Client = new PerdureClient(client with
        {
            Store = _store,
            Submissions = new JournalSubmissions(_node, _parts, new StoreSubmissions(_store, new KeyBlocks(_store, _node.StoreClock), parts.Clock)),
            ReadyAsync = static _ => ValueTask.CompletedTask,
            Code = new CodeReplay(parts.Workflows, _parts.Kit,
                _ => HookSecrets.FindAsync(_parts.Settings, parts.Entropy, (name, candidate) => _store.KeepAsync(name, candidate, CancellationToken.None))),
            DriveAsync = null,
        });
        _node.Start();
    }

    public PerdureClient Client { get; }

    /// <summary>Ends what still lives: whoever waits for it is told, and nobody would ever go on with it.</summary>
    public async Task StopAsync(CancellationToken hurry)
    {
        for (RunPage? page = null; page is null || page.Next is not null;)
        {
            page = await _store.ListRunsAsync(Live with { After = page?.Next }, CancellationToken.None);
            foreach (var run in page.Runs) await Client.TerminateAsync(run.Id, "The process ended, and a transient run with it.", CancellationToken.None);
        }
        await UntilNobodyLivesAsync(hurry);
        await _node.StopAsync(_parts.Settings.ShutdownGrace, hurry);
    }

    private async Task UntilNobodyLivesAsync(CancellationToken hurry)
    {
        var start = _parts.Clock.GetTimestamp();
        while (!hurry.IsCancellationRequested && _parts.Clock.GetElapsedTime(start) < _parts.Settings.ShutdownGrace)
        {
            var page = await _store.ListRunsAsync(Live with { Limit = 1 }, CancellationToken.None);
            if (page.Runs.Count == 0) return;
            await Task.Delay(Look, _parts.Clock, CancellationToken.None);
        }
    }
}
