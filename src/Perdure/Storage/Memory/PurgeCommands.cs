namespace Perdure.Storage.Memory;

/// <summary>Deletes closed runs by their age.</summary>
internal sealed class PurgeCommands(RunTable runs, TaskTable tasks)
{
    public PurgedRuns Purge(RunPurge purge, Instant now)
    {
        var old = new List<RunRow>();
        foreach (var run in runs.All)
        {
            if (!runs.IsInUse(run) && IsOld(run, purge.Rules, now) && (purge.After is not { } after || OldestFirst(Place(run), (after.CreatedAt, after.Id)) > 0)) old.Add(run);
        }
        old.Sort(static (a, b) => OldestFirst(Place(a), Place(b)));
        var more = old.Count > purge.Limit;
        if (more) old.RemoveRange(purge.Limit, old.Count - purge.Limit);

        var counts = new Dictionary<RunStatus, int>();
        foreach (var run in old)
        {
            counts[run.Status] = counts.GetValueOrDefault(run.Status) + 1;
            if (purge.DryRun) continue;
            tasks.RemoveAll(run);
            runs.Remove(run, now);
        }
        return new PurgedRuns(counts, more && old.Count > 0 ? new RunCursor(old[^1].Birth.CreatedAt, old[^1].Birth.Id) : null);
    }

    public int ForgetKeys(int limit, Instant now) => runs.ForgetKeys(now.Add(-StartKeys.Grace), limit);

    private static bool IsOld(RunRow run, IReadOnlyList<PurgeRule> rules, Instant now)
    {
        if (!run.Status.IsTerminal()) return false;
        foreach (var rule in rules)
            if (rule.Status == run.Status) return run.ClosedAt <= now.Add(-rule.Age);
        return false;
    }

    private static (Instant CreatedAt, string Id) Place(RunRow run) => (run.Birth.CreatedAt, run.Birth.Id);

    private static int OldestFirst((Instant CreatedAt, string Id) a, (Instant CreatedAt, string Id) b)
    {
        var order = a.CreatedAt.CompareTo(b.CreatedAt);
        return order != 0 ? order : string.CompareOrdinal(a.Id, b.Id);
    }
}
