using System.Text.Json;
using Perdure.Storage;

namespace Perdure.Simulation;

/// <summary>
/// I-12, I-10: a pipeline that has completed ends with the data that its steps returned, each recorded once and in the order of its nodes, and with nothing of attempts that failed. In which order it is undone,
/// <see cref="SagaRules"/> sees.
/// </summary>
internal static class PipelineRules
{
    public static void Check(RunCase run)
    {
        if (run.Row is not { } row || !row.Status.IsTerminal()) return;
        ResultRules.CheckStatus(run, row.Status);
        CheckOrder(run);
        if (row.Status != RunStatus.Completed) return;
        if (!row.Result.Span.SequenceEqual(row.Data.Span)) run.Fail("I-12", "its result is not its data at the end.");
        var data = JsonDocument.Parse(row.Result).RootElement;
        var recorded = Recorded(run).ToDictionary(static step => step.Effect.Operation, static step => step.Effect.Value!);
        var said = new List<string>();
        foreach (var label in PipelineWork.Labels.SelectMany(static group => group))
        {
            if (!data.TryGetProperty(label, out var value)) run.Fail("I-12", $"its data lack what the step {label} returned.");
            else said.Add(value.GetString()!);
        }
        if (!said.Order(StringComparer.Ordinal).SequenceEqual(recorded.Values.Order(StringComparer.Ordinal), StringComparer.Ordinal))
            run.Fail("I-10", $"its data hold {string.Join(' ', said)}, and its steps are recorded with {string.Join(' ', recorded.Values)}.");
        if (data.EnumerateObject().Select(static property => property.Name).FirstOrDefault(static name => name.StartsWith("begun-", StringComparison.Ordinal)) is { } left)
            run.Fail("I-12", $"its data hold {left}, which only an attempt that failed has left behind.");
        var answer = run.Program.Name switch { "event" => "event", "question" => "question", _ => null };
        if (answer is not null && !data.TryGetProperty(answer, out _)) run.Fail("I-12", $"its data lack the {answer} that it waited for.");
    }

    /// <summary>No step is recorded before all nodes ahead of it are through, and none twice.</summary>
    private static void CheckOrder(RunCase run)
    {
        var steps = Recorded(run).Select(static step => step.Effect.Step).ToList();
        var place = 0;
        foreach (var group in PipelineWork.Labels)
        {
            var expected = group.Select(static label => label.Split('-')[0]).Order(StringComparer.Ordinal).ToList();
            var actual = steps.Skip(place).Take(expected.Count).Order(StringComparer.Ordinal).ToList();
            place += actual.Count;
            if (actual.Count == expected.Count ? actual.SequenceEqual(expected) : actual.TrueForAll(expected.Contains) && place == steps.Count) continue;
            run.Fail("I-12", $"its steps are recorded out of order: {string.Join(' ', steps)}.");
            return;
        }
        if (place != steps.Count) run.Fail("I-08", $"its steps are recorded more often than they are declared: {string.Join(' ', steps)}.");
    }

    /// <summary>The bodies whose outcomes are recorded, in the order of the history.</summary>
    private static IEnumerable<(int Sequence, Effect Effect)> Recorded(RunCase run)
    {
        foreach (var committed in run.Events)
        {
            var e = committed.Event;
            if (e is { Kind: EventKind.StepCompleted, Undoes: null }
                && run.Effects.LastOrDefault(effect => effect.Operation == e.Operation && effect.Attempt == e.Attempt && effect.Value is { } value && e.Data.Span.IndexOf(System.Text.Encoding.UTF8.GetBytes($"\"{value}\"")) >= 0) is { } effect)
                yield return (e.Sequence, effect);
        }
    }
}
