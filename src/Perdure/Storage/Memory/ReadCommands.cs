using System.Text;

namespace Perdure.Storage.Memory;

/// <summary>Reading runs, lists and histories.</summary>
internal sealed class ReadCommands(RunTable runs)
{
    public RunRecord? Read(RunSelector selector, Instant now)
    {
        var run = selector.Id is { } id ? runs.Find(id)
            : selector.StartKey is { } startKey ? runs.FindHeldKey(startKey, now) is { } held ? runs.Find(held.Run) : null
            : runs.Find(selector.Key);
        return run?.ToRecord();
    }

    public RunPage List(RunQuery query)
    {
        query = query with { Text = LowerOrNull(query.Text) };
        var matches = new List<RunRow>();
        foreach (var run in runs.All)
        {
            if (Matches(run, query)) matches.Add(run);
        }
        matches.Sort(NewestFirst);
        var limit = Math.Max(query.Limit, 0);
        var more = matches.Count > limit;
        if (more) matches.RemoveRange(limit, matches.Count - limit);
        var next = more && matches.Count > 0 ? new RunCursor(matches[^1].Birth.CreatedAt, matches[^1].Birth.Id) : null;
        return new RunPage(matches.ConvertAll(static run => run.ToSummary()), next);
    }

    public IReadOnlyList<RunSummaryRecord> ReadChain(string id)
    {
        var chain = new List<RunSummaryRecord>();
        if (runs.Find(id) is { } run)
            foreach (var member in runs.Chains.Of(run)) chain.Add(member.ToSummary());
        return chain;
    }

    public IReadOnlyDictionary<RunStatus, int> Count(RunQuery query)
    {
        query = query with { After = null, Text = LowerOrNull(query.Text) };
        var counts = new Dictionary<RunStatus, int>();
        foreach (var run in runs.All)
        {
            if (Matches(run, query)) counts[run.Status] = counts.GetValueOrDefault(run.Status) + 1;
        }
        return counts;
    }

    public IReadOnlyList<WorkflowCount> CountWorkflows()
    {
        var counts = new Dictionary<(string, RunStatus), WorkflowCount>();
        foreach (var run in runs.All)
        {
            if (run.IsOfEngine) continue;
            var (workflow, createdAt) = (run.Birth.Workflow, run.Birth.CreatedAt);
            var count = counts.GetValueOrDefault((workflow, run.Status), new WorkflowCount(workflow, run.Status, 0, createdAt));
            counts[(workflow, run.Status)] = count with { Count = count.Count + 1, LastCreatedAt = Instant.Max(count.LastCreatedAt, createdAt) };
        }
        return [.. counts.Values];
    }

    public IReadOnlyList<EventBatch> ReadHistory(long run, int fromSequence) =>
        runs.Find(run) is { } row ? row.History.FindAll(batch => batch.End > fromSequence) : [];

    private bool Matches(RunRow run, RunQuery query)
    {
        var birth = run.Birth;
        return (query.Workflow is null || birth.Workflow == query.Workflow)
            && !(query.OmitsEngineRuns && run.IsOfEngine)
            && (query.Statuses.Count == 0 || query.Statuses.Contains(run.Status))
            && (query.Queue is null || birth.Queue == query.Queue)
            && birth.CreatedAt >= query.CreatedFrom && birth.CreatedAt < query.CreatedTo
            && (query.UpdatedFrom is not { } updatedFrom || run.UpdatedAt >= updatedFrom)
            && (query.UpdatedTo is not { } updatedTo || run.UpdatedAt < updatedTo)
            && (query.ClosedFrom is not { } closedFrom || (!run.ClosedAt.IsNever && run.ClosedAt >= closedFrom))
            && (query.ClosedTo is not { } closedTo || (!run.ClosedAt.IsNever && run.ClosedAt < closedTo))
            && (query.WaitingPrefix is null || run.Waiting.Span.StartsWith(Encoding.UTF8.GetBytes(query.WaitingPrefix)))
            && (query.Text is null || Contains(birth.Workflow, query.Text) || Contains(birth.Id, query.Text) || (run.StartKey is { } startKey && Contains(startKey, query.Text)))
            && (query.Parent is null || run.Tie?.ParentId == query.Parent)
            && (query.Root is null || run.Tie?.Root == query.Root)
            && (!query.TopLevelOnly || runs.ParentOf(run) is not { IsOfEngine: false })
            && (query.IdPrefix is null || birth.Id.StartsWith(query.IdPrefix, StringComparison.Ordinal))
            && HasTags(birth.Tags, query.Tags)
            && (query.After is not { } after || NewestFirst((birth.CreatedAt, birth.Id), (after.CreatedAt, after.Id)) > 0);
    }

    private static bool Contains(string text, string lowered) => Lower(text).Contains(lowered, StringComparison.Ordinal);

    private static string? LowerOrNull(string? text) => text is null ? null : Lower(text);

    private static string Lower(string text) => string.Create(text.Length, text, static (target, source) =>
    {
        for (var i = 0; i < source.Length; i++) target[i] = char.IsAsciiLetterUpper(source[i]) ? (char)(source[i] | 0x20) : source[i];
    });

    private static bool HasTags(IReadOnlyDictionary<string, string>? tags, IReadOnlyDictionary<string, string?>? wanted)
    {
        if (wanted is null) return true;
        foreach (var (name, value) in wanted)
        {
            if (tags is null || !tags.TryGetValue(name, out var actual) || (value is not null && actual != value)) return false;
        }
        return true;
    }

    private static int NewestFirst(RunRow a, RunRow b) => NewestFirst((a.Birth.CreatedAt, a.Birth.Id), (b.Birth.CreatedAt, b.Birth.Id));

    private static int NewestFirst((Instant CreatedAt, string Id) a, (Instant CreatedAt, string Id) b)
    {
        var order = b.CreatedAt.CompareTo(a.CreatedAt);
        return order != 0 ? order : string.CompareOrdinal(b.Id, a.Id);
    }
}
