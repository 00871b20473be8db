using Perdure.Client;
using Perdure.Storage;
using Perdure.Worker;

namespace Perdure.Hosting;

/// <summary>Waits for a run in a process with a worker: if it ends here, its end is told without asking the store.</summary>
internal sealed class WorkerWatch(WorkerNode node, string runId, StoreSubmissions rows, TimeProvider clock) : IRunWatch
{
    private readonly RunEndings.Watcher _ending = node.Endings.Watch(runId);
    private IRunWatch? _elsewhere;

    // An end that was told counts as well: the run may have ended between the watch and this question.
    private bool LivesHere => node.Session?.Residents.Find(runId) is not null || _ending.Ended.IsCompleted;

    public bool MustAskStore()
    {
        if (LivesHere) return false;
        _elsewhere ??= rows.Watch(runId);
        return true;
    }

    public async Task<RunClose?> WaitAsync(TimeSpan atMost, CancellationToken cancellationToken)
    {
        if (_elsewhere is null)
        {
            try
            {
                return await _ending.Ended.WaitAsync(atMost, clock, cancellationToken);
            }
            catch (TimeoutException)
            {
                return null;
            }
        }
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var hint = _elsewhere.WaitAsync(atMost, either.Token);
        if (await Task.WhenAny((Task)_ending.Ended, hint) == hint) return await hint;
        either.Cancel();
        return await _ending.Ended;
    }

    public void Dispose()
    {
        _ending.Dispose();
        _elsewhere?.Dispose();
    }
}
