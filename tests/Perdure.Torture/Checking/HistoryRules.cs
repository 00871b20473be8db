using Perdure.Torture.Records;

namespace Perdure.Torture.Checking;

/// <summary>Each history is whole, and has one end.</summary>
internal static class HistoryRules
{
    private static readonly string[] Ends = ["completed", "failed", "cancelled", "compfailed", "parked"];

    public static void Check(Evidence evidence, Violations violations)
    {
        var poisons = evidence.Records.Where(record => record.Program.IsPoison).Select(record => record.Key).ToHashSet(StringComparer.Ordinal);
        foreach (var run in evidence.Dump.Runs.Values)
        {
            if (!Ends.Contains(run.State)) violations.Add("I-06 run stranded", run.Id, $"it is {run.State}");
            for (var i = 0; i < run.Events.Count; i++)
                if (run.Events[i].Pos != i) violations.Add("I-13 gap in the history", run.Id, $"event {i} says {run.Events[i].Pos}");
            if (run.Events is not [{ Type: "started" }, ..]) violations.Add("I-13 gap in the history", run.Id, "it does not begin with its start");
            var ends = run.Events.Where(e => Ends.Contains(e.Type)).ToList();
            if (Ends.Contains(run.State) && (ends.Count != 1 || run.Events[^1] != ends[0] || ends[0].Type != run.State))
                violations.Add("I-07 one end", run.Id, $"it is {run.State}; its history ends with {string.Join(", ", ends.Select(e => $"{e.Type} at {e.Pos} of {run.Events.Count}"))}");
            foreach (var step in run.Events.Where(e => e.Type is "step" or "step-failed").GroupBy(e => e.S).Where(step => step.Count() > 1))
                violations.Add("I-15 one outcome", $"{run.Id} {step.Key}", $"{step.Count()} outcomes are recorded");
            if (run.State == "parked" && !poisons.Contains(run.Key ?? "")) violations.Add("I-35 innocent run parked", run.Id, run.Reason ?? "");
        }
    }
}
