using Perdure.Storage;

namespace Perdure.Worker;

/// <summary>
/// A worker for a limited time: it registers, takes what is due, drives it until nothing is runnable or the time is over, gives everything back and is gone. No thread and no
/// lease of it remains. Used once.
/// </summary>
internal sealed class WorkRound
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(2);

    /// <summary>How long bodies may still run when the time is over, as a part of it.</summary>
    private const double Grace = 0.1;

    private readonly WorkerParts _parts;
    private readonly WorkerNode _node;

    public WorkRound(WorkerParts parts)
    {
        // What sleeps, however briefly, goes back to the store: the caller is told when to come again.
        _parts = parts with { Settings = parts.Settings with { KeepWarm = TimeSpan.Zero } };
        _node = new WorkerNode(_parts);
    }

    /// <param name="runId">The run to drive; the round is over when that one is at rest. Null for everything that is due.</param>
    /// <param name="budget">How long work is taken and begun.</param>
    /// <param name="cancellationToken">Ends the round early; what it has is given back all the same.</param>
    /// <returns>How many runs and activities were taken, and when the next is due: never, or in the past if the time was too short.</returns>
    /// <exception cref="StoreException">The store cannot be used.</exception>
    public async Task<(int Taken, Instant NextDue)> RunAsync(string? runId, TimeSpan budget, CancellationToken cancellationToken)
    {
        var start = _parts.Clock.GetTimestamp();
        _node.Start();
        WorkerSession? session = null;
        var (taken, isDone) = (0, false);
        try
        {
            while (!isDone && !cancellationToken.IsCancellationRequested && _parts.Clock.GetElapsedTime(start) < budget)
            {
                if (_node.Broken is { } broken) throw broken;
                // A session that was lost in the meantime is followed by another.
                session = _node.Session ?? session;
                isDone = session is { IsOver: false } && (IsAtRest(session) || runId is not null && await IsAtRestAsync(session, runId));
                if (!isDone) await Task.Delay(Look, _parts.Clock, CancellationToken.None);
            }
        }
        finally
        {
            taken = session?.Taken ?? 0;
            await _node.StopAsync(isDone ? TimeSpan.Zero : Shorten(budget), hurry: default);
        }
        cancellationToken.ThrowIfCancellationRequested();
        if (session is null) return (0, _node.StoreClock.Now);
        return (taken, isDone && runId is null ? session.NextDue : Instant.Min(session.NextDue, isDone ? Instant.Never : session.Now));
    }

    /// <summary>Whether nothing lives here any more and nothing is due. What only waits is told to go.</summary>
    private static bool IsAtRest(WorkerSession session)
    {
        if (!session.IsQuiet) return false;
        if (session.Residents.Count == 0) return true;
        session.Residents.GiveBackIdle();
        return false;
    }

    private async Task<bool> IsAtRestAsync(WorkerSession session, string runId)
    {
        if (session.Taken == 0 && !session.IsQuiet || session.Residents.Find(runId) is not null) return false;
        var row = await _parts.Store.ReadRunAsync(new RunSelector(Id: runId), CancellationToken.None);
        return row is null || row.Status.IsTerminal() || row.Owner == 0 && row.DueAt > session.Now;
    }

    private static TimeSpan Shorten(TimeSpan budget) => budget < TimeSpan.MaxValue / 2 ? budget * Grace : TimeSpan.Zero;
}
