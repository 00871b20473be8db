namespace Perdure.Storage.Memory;

/// <summary>The requests of all runs; they live in their runs.</summary>
internal sealed class RequestTable(RunTable runs)
{
    public static RequestRow? Find(RunRow run, int operation) => run.Requests?.GetValueOrDefault(operation);

    /// <summary>Writes what a bundle says. Answers which requests have expired.</summary>
    public static List<int>? Write(RunRow run, RequestChanges changes, Instant now)
    {
        foreach (var request in changes.Opened) Open(run, request, now);
        foreach (var operation in changes.Withdrawn)
            if (Find(run, operation) is { State: RequestState.Pending } given) given.State = RequestState.Withdrawn;
        foreach (var operation in changes.Expiring)
            if (Find(run, operation) is { State: RequestState.Pending } due) due.State = RequestState.Expired;
        return changes.Expiring.Count == 0 ? null : Expired(run, changes);
    }

    /// <summary>Which of the requests that a bundle let expire have done so.</summary>
    public static List<int> Expired(RunRow run, RequestChanges changes)
    {
        var expired = new List<int>();
        foreach (var operation in changes.Expiring)
            if (Find(run, operation) is { State: RequestState.Expired }) expired.Add(operation);
        return expired;
    }

    /// <summary>The run has ended.</summary>
    public static void WithdrawAll(RunRow run)
    {
        if (run.Requests is null) return;
        foreach (var row in run.Requests.Values)
            if (row.State == RequestState.Pending) row.State = RequestState.Withdrawn;
    }

    /// <summary>A request that has its answers, or whose time is up, which its run may not know yet, or that its run's end has withdrawn just now, goes on in another's hands.</summary>
    public static void Move(RunRow run, RunRow next, RequestMove move)
    {
        if (Find(run, move.From) is not { State: RequestState.Withdrawn or RequestState.Answered or RequestState.Expired } row) return;
        run.Requests!.Remove(move.From);
        (next.Requests ??= [])[move.To] = row.Under(move.To);
    }

    public RequestPage List(RequestQuery query, Instant now)
    {
        var found = new List<RequestRecord>();
        foreach (var run in runs.All)
        {
            if (run.Requests is null || query.RunId is not null && query.RunId != run.Birth.Id) continue;
            foreach (var row in run.Requests.Values)
                if (Matches(row, query, now) && IsBehind(run, row, query.After)) found.Add(row.ToRecord(run));
        }
        found.Sort(static (a, b) => (a.ExpiresAt.Micros, a.Run, a.Operation).CompareTo((b.ExpiresAt.Micros, b.Run, b.Operation)));
        var more = found.Count > query.Limit;
        if (more) found.RemoveRange(query.Limit, found.Count - query.Limit);
        return new RequestPage(found, more && found.Count > 0 ? new RequestCursor(found[^1].ExpiresAt, found[^1].Run, found[^1].Operation) : null);
    }

    private static void Open(RunRow run, NewRequest request, Instant now)
    {
        if (Find(run, request.Operation) is { } known && known.Request.Number == request.Number)
        {
            // It was there before, in an earlier attempt of the code or an earlier life of the run.
            if (known.State == RequestState.Withdrawn) known.State = known.Answers.Count < known.Request.MaxAnswers ? RequestState.Pending : RequestState.Answered;
            return;
        }
        (run.Requests ??= [])[request.Operation] = new RequestRow(request, now);
    }

    private static bool Matches(RequestRow row, RequestQuery query, Instant now) =>
        (query.Kind is null || row.Request.Kind == query.Kind) && (query.State is null || row.State == query.State)
        && (query.Name is null || row.Request.Name == query.Name) && (query.Assignee is null || row.Request.Assignee == query.Assignee)
        && (query.TokenHash.IsEmpty || row.Request.TokenHash.Span.SequenceEqual(query.TokenHash.Span))
        && (query.ExpiringWithin is not { } within || row.Request.ExpiresAt <= now.Add(within));

    private static bool IsBehind(RunRow run, RequestRow row, RequestCursor? place) =>
        place is null || (row.Request.ExpiresAt.Micros, run.Key, row.Request.Operation).CompareTo((place.ExpiresAt.Micros, place.Run, place.Operation)) > 0;
}
