using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Perdure.Storage;

namespace Perdure.Stores.Tests.Differential;

/// <summary>Answers as text, in a form in which stores must not differ: how events are batched is a store's own affair.</summary>
internal static class Normal
{
    private static readonly JsonSerializerOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Text(object? answer) => answer switch
    {
        null => "null",
        ClaimedRuns claimed => Join([$"fenced {claimed.Fenced} next {claimed.NextDue} now {claimed.Now} {claimed.Orders}", .. claimed.Runs.Select(Text)]),
        ClaimedRun run => Join([Json(run.Row), History(run.History), Json(run.Messages)]),
        IReadOnlyList<EventBatch> history => History(history),
        GroupOutcome group => Join([$"{group.Verdict} {group.Now}", .. group.Bundles.Select(Bundle), .. group.Refusals.Select(Json)]),
        BundleOutcome bundle => Bundle(bundle),
        WorkerRecord worker => Worker(worker),
        IReadOnlyList<WorkerRecord> workers => Join(workers.Select(Worker)),
        _ => Json(answer),
    };

    /// <summary>What a bundle's owner learns; no cancelled tasks are the same as none asked for.</summary>
    public static string Bundle(BundleOutcome bundle)
    {
        var cancelled = string.Join(' ', bundle.CancelledTasks ?? []);
        return $"{bundle.Birth} inbox {bundle.Inbox} closed {bundle.Closed} released {bundle.Released} unheard {bundle.EndUnheard} cancelled [{cancelled}] expired [{string.Join(' ', bundle.ExpiredRequests ?? [])}]";
    }

    /// <summary>What a worker holds and has code for is in no order.</summary>
    private static string Worker(WorkerRecord worker) => Json(worker with
    {
        Activities = [.. worker.Activities.Order(StringComparer.Ordinal)], Workflows = worker.Workflows is { } codes ? [.. codes.OrderBy(static code => (code.Workflow, code.Version))] : null,
        Queues = worker.Queues is { } queues ? Sorted(queues) : null, HeldTasks = Sorted(worker.HeldTasks),
    });

    private static SortedDictionary<string, int> Sorted(IReadOnlyDictionary<string, int> counts) => new(counts.ToDictionary(), StringComparer.Ordinal);

    /// <summary>All events as one, if they are in order and without a gap.</summary>
    public static string History(IReadOnlyList<EventBatch> history)
    {
        var text = new StringBuilder();
        var next = history.Count == 0 ? 0 : history[0].FirstSequence;
        foreach (var batch in history)
        {
            if (batch.FirstSequence != next) text.Append($"[{next} is missing]");
            text.Append(Encoding.UTF8.GetString(batch.Bytes.Span));
            next = batch.End;
        }
        return text.Append($" end {next}").ToString();
    }

    private static string Json<T>(T value) => JsonSerializer.Serialize(value, Options);

    private static string Join(IEnumerable<string> lines) => string.Join("\n  ", lines);
}
