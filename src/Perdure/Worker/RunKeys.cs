using Perdure.Journal;
using Perdure.Storage;

namespace Perdure.Worker;

/// <summary>Keys for runs that are born by other runs, from blocks that the store reserved. Thread safe.</summary>
internal sealed class RunKeys(WorkerSession session, KeyBlocks blocks, StoreCalls calls, CancellationToken stop)
{
    /// <summary>Takes keys until <paramref name="keys"/> holds <paramref name="count"/>. False: the store must be asked first; <paramref name="onFilled"/> is called then.</summary>
    public bool TryTake(List<long> keys, int count, Action onFilled)
    {
        while (keys.Count < count)
        {
            if (!blocks.TryNext(out var key))
            {
                session.Scheduler.Post(static s =>
                {
                    var (keys, onFilled) = ((RunKeys, Action))s!;
                    _ = keys.FillAsync(onFilled);
                }, (this, onFilled));
                return false;
            }
            keys.Add(key);
        }
        return true;
    }

    /// <summary>A key turned out to be taken: the rest of its block is not used.</summary>
    public void Discard() => blocks.Discard();

    private async Task FillAsync(Action onFilled)
    {
        try
        {
            await calls.UntilAnsweredAsync(async token =>
            {
                await blocks.RefillAsync(token);
                return true;
            }, stop);
            onFilled();
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
        catch (Exception e)
        {
            session.Surrender("run keys", e);
        }
    }
}
