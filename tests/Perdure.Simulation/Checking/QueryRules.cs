using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Perdure.Authoring;
using Perdure.Client;
using Perdure.Formats;
using Perdure.Hosting;
using Perdure.Runtime;
using Perdure.Storage;

namespace Perdure.Simulation;

/// <summary>I-12: whoever asks a run is told what its code has seen, whether it has ended or not.</summary>
internal static class QueryRules
{
    public static void Check(RunCase run)
    {
        if (run.Row is not { } row || run.Events.Count == 0 || run.Events.Any(static committed => committed.Event.Kind == EventKind.RunBlocked)) return;
        var workflows = new WorkflowRegistry();
        var activities = new ActivityRegistry();
        new Interpreter(run.Cluster.Effects, run.Cluster.Nodes[0]).Register(workflows, activities, [row.Version], row.Build is { } build ? new(build, []) : null);
        var kit = new RuntimeKit(PayloadCodec.Default, activities, null, static () => 0.5, NullLogger.Instance);
        var queries = new CodeReplay(workflows, kit, async _ => new HookTokens(await run.Cluster.Data.KeepAsync("hook-secret", default, default), "", static () => Guid.Empty));
        try
        {
            var answer = queries.AnswerAsync(row, [.. run.Events.Select(static committed => committed.Event)], new QueryCall("seen", default), default).Result;
            if (row.Status != RunStatus.Completed) return;
            var (seen, result) = (JsonSerializer.Deserialize<string>(answer.Span)!, JsonSerializer.Deserialize<string>(row.Result.Span)!);
            // Branches that the code left behind have gone on, and seen more.
            if (!(seen + "\n").StartsWith(result.Length == 0 ? "" : result + "\n", StringComparison.Ordinal)) run.Fail("I-12", $"it answers {seen} where its result is {result}.");
        }
        catch (AggregateException e) when (e.InnerException is UnknownQueryException && run.Events.Any(static committed => committed.Event is { Kind: EventKind.CancelRequested, Attempt: 0 } or { Due.IsNever: false, Sequence: 0 }))
        {
            // Its code was never entered.
        }
        catch (AggregateException e)
        {
            run.Fail("I-12", $"it does not answer: {e.InnerException!.Message}");
        }
    }
}
