using Perdure.Torture.Adapter.Programs;
using Perdure.Torture.Records;

namespace Perdure.Torture.Checking;

/// <summary>Failed attempts are repeated as the policy says.</summary>
internal static class RetryRules
{
    public static void Check(Evidence evidence, Violations violations)
    {
        foreach (var known in evidence.Known)
        {
            var (run, steps) = (known.Run, known.Steps);
            foreach (var failed in run.Events.Where(e => e.Type is "attempt-failed" or "step-failed").GroupBy(e => e.S!))
            {
                var rule = steps.Find(failed.Key)?.Retry ?? RetryRule.Default;
                var where = $"{run.Id} {failed.Key}";
                if (failed.Count() > rule.Max) violations.Add("I-14 retries", where, $"{failed.Count()} failures, allowed are {rule.Max}");
                CheckFinal(evidence, run, failed, where, violations);
                CheckUsedUp(known, failed, rule, where, violations);
                CheckDelays(evidence, run, failed.Key, rule, where, violations);
            }
        }
    }

    private static void CheckFinal(Evidence evidence, DumpedRun run, IGrouping<string, DumpedEvent> failed, string where, Violations violations)
    {
        if (failed.FirstOrDefault(e => e.Type == "step-failed") is not { } end) return;
        foreach (var again in evidence.ByStep[(run.Id, failed.Key)].Where(line => line.IsBegin && line.At > end.At.AddMilliseconds(100) && !evidence.IsWakingUp(line)))
            violations.Add("I-14 retries", where, $"attempt {again.Attempt} began after the step had failed for good");
    }

    /// <summary>A step fails for good when its policy is used up, or its body says so; deaths of workers are no failures.</summary>
    private static void CheckUsedUp(KnownRun known, IGrouping<string, DumpedEvent> failed, RetryRule rule, string where, Violations violations)
    {
        if (failed.All(e => e.Type != "step-failed") || failed.Count() >= rule.Max) return;
        if (known.Steps.Find(failed.Key)?.Fail?.Any(pair => pair[0].GetString() == FailurePlan.Fatal) != true)
            violations.Add("I-14 retries", where, $"it failed for good after {failed.Count()} failures of {rule.Max}");
    }

    /// <summary>
    /// Between a recorded failure and the next attempt that the same process begins lies the policy's wait. One that is not recorded was lost with its worker, which was frozen
    /// and presumed dead: the same process may be given the step again at once, as any other.
    /// </summary>
    private static void CheckDelays(Evidence evidence, DumpedRun run, string s, RetryRule rule, string where, Violations violations)
    {
        JournalLine? end = null;
        var attempts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var line in evidence.ByStep[(run.Id, s)])
        {
            if (line.IsEnd) end = line.Out == "throw" && IsRecorded(attempts.GetValueOrDefault(line.X)) ? line : null;
            else if (line.IsBegin)
            {
                attempts[line.X] = line.Attempt;
                if (end is null || end.Boot != line.Boot) continue;
                var waited = (line.T - end.T) / 1e6;
                if (waited < rule.MinMs * 0.999 - 1) violations.Add("I-14 retries", where, $"attempt {line.Attempt} began {waited:0.0} ms after a failure; at least {rule.MinMs} ms must pass");
                end = null;
            }
        }

        bool IsRecorded(int attempt) => run.Events.Any(e => e.S == s && e.Type == "attempt-failed" && (e.Attempt ?? attempt) == attempt);
    }
}
