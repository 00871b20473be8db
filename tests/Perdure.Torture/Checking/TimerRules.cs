using Perdure.Torture.Adapter.Programs;
using Perdure.Torture.Records;

namespace Perdure.Torture.Checking;

/// <summary>No timer fires early: neither by the store's clock, nor by what bodies before and behind it saw.</summary>
internal static class TimerRules
{
    public static void Check(Evidence evidence, Violations violations)
    {
        foreach (var (run, program) in evidence.Known)
        {
            foreach (var timer in run.Timers)
                if (timer.Fired < timer.Due) violations.Add("I-24 early", $"{run.Id} {timer.S}", $"due at {timer.Due}, fired at {timer.Fired}");
            CheckList(evidence, run, program.Ops, violations);
        }
    }

    /// <summary>A sleep directly behind a step: its body ended before the sleep was reached.</summary>
    private static void CheckList(Evidence evidence, DumpedRun run, IReadOnlyList<Operation> operations, Violations violations)
    {
        for (var i = 0; i < operations.Count; i++)
        {
            var (sleep, before) = (operations[i], i > 0 ? operations[i - 1] : null);
            if (sleep.O is "loop" or "shield") CheckList(evidence, run, sleep.Body(), violations);
            if (sleep.O is "all" or "each" or "any")
                foreach (var branch in sleep.Branches()) CheckList(evidence, run, branch, violations);
            if (sleep.O != "sleep" || before?.O is not ("step" or "sleep" or "wait")) continue;
            foreach (var fired in run.Events.Where(e => e.Type == "timer" && Place.IdOf(e.S!) == sleep.Id))
            {
                var path = fired.S![sleep.Id!.Length..];
                var step = before.Id + (before.O == "step" ? "" : ".p") + path;
                if (run.Events.Find(e => e.Type == "step" && e.S == step) is not { } recorded) continue;
                var end = evidence.ByStep[(run.Id, step)].FirstOrDefault(line => line.IsEnd && line.X == recorded.X);
                var probe = evidence.ByStep[(run.Id, sleep.Id + ".p" + path)].FirstOrDefault(line => line.IsBegin);
                if (end is null || probe is null) continue;
                var waited = (probe.T - end.T) / 1e6;
                if (waited < sleep.Ms * 0.999 - 1) violations.Add("I-24 early", $"{run.Id} {fired.S}", $"{waited:0.0} ms passed between the steps around a sleep of {sleep.Ms} ms");
            }
        }
    }
}
