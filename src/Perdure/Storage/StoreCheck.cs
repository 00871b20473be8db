namespace Perdure.Storage;

/// <summary>
/// Reads every run of a store, and says which are damaged: whose history is not the chain of checksums that was written, or is shorter than the row of the run says. Changes nothing, and may be
/// done while everybody works.
/// </summary>
public static class StoreCheck
{
    private const int PageSize = 200;

    /// <summary>Looks at all runs, the newest first; each is read whole.</summary>
    /// <param name="store">The store; initialized.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="StoreException">The store cannot be read at all.</exception>
    public static async Task<StoreCheckReport> RunAsync(IPerdureStore store, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        var (runs, events, damaged) = (0, 0L, new List<DamagedRun>());
        var query = new RunQuery { Limit = PageSize };
        while (true)
        {
            var page = await store.ListRunsAsync(query, cancellationToken);
            foreach (var run in page.Runs)
            {
                var (found, problem) = await LookAsync(store, run.Id, cancellationToken);
                // One that was written between its row and its history is looked at again.
                if (problem is not null) (found, problem) = await LookAsync(store, run.Id, cancellationToken);
                // Deleted meanwhile.
                if (found < 0) continue;
                runs++;
                events += found;
                if (problem is not null) damaged.Add(new DamagedRun(run.Id, problem));
            }
            if (page.Next is null) return new StoreCheckReport(runs, events, damaged);
            query = query with { After = page.Next };
        }
    }

    /// <summary>How many events a run has, or -1 if it is not there any more, and what is wrong with it.</summary>
    private static async Task<(int Events, string? Problem)> LookAsync(IPerdureStore store, string id, CancellationToken cancellationToken)
    {
        try
        {
            if (await store.ReadRunAsync(new RunSelector(Id: id), cancellationToken) is not { } row) return (-1, null);
            var events = EventCodec.ReadAll(await store.ReadHistoryAsync(row.Key, 0, cancellationToken), out _);
            return (events.Length, Problem(row, events));
        }
        catch (CorruptHistoryException e)
        {
            return (0, e.Message);
        }
        catch (StoreException e) when (e.Fault == StoreFault.Corrupt)
        {
            return (0, e.Message);
        }
    }

    private static string? Problem(RunRecord row, EventRecord[] events)
    {
        if (events.Length == 0) return "It has no history.";
        if (events[0].Kind != EventKind.WorkflowStarted) return $"Its history begins with {events[0].Kind}, not with WorkflowStarted.";
        if (events.Length < row.Events) return $"Its row knows of {row.Events} events, and its history has {events.Length}: the last ones are missing.";
        // The row of a run that somebody drives may lag behind; that of one that has ended does not.
        if (row.Status.IsTerminal() && events.Length > row.Events) return $"It has ended with {row.Events} events, and its history has {events.Length}.";
        return null;
    }
}

/// <summary>What <see cref="StoreCheck"/> has found.</summary>
/// <param name="Runs">How many runs were read.</param>
/// <param name="Events">How many events they have.</param>
/// <param name="Damaged">The damaged ones.</param>
public sealed record StoreCheckReport(int Runs, long Events, IReadOnlyList<DamagedRun> Damaged);

/// <summary>A damaged run.</summary>
/// <param name="Id">Its public id.</param>
/// <param name="Problem">What is wrong with it.</param>
public sealed record DamagedRun(string Id, string Problem);
