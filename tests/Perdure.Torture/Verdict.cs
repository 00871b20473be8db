using Perdure.Torture.Checking;

namespace Perdure.Torture;

/// <summary>What came of a torture.</summary>
/// <param name="Counts">How much of everything there was.</param>
/// <param name="Violations">Broken promises.</param>
/// <param name="Missing">What there was too little of to say anything.</param>
internal sealed record Verdict(Counts Counts, IReadOnlyList<string> Violations, IReadOnlyList<string> Missing)
{
    /// <summary>How many violations of one rule are shown.</summary>
    private const int Shown = 10;

    public bool IsPassed => Violations.Count == 0 && Missing.Count == 0;

    public override string ToString()
    {
        var c = Counts;
        var text = new System.Text.StringBuilder()
            .AppendLine($"runs {c.Runs}, events {c.Events}, bodies {c.Bodies}, failed attempts {c.AttemptsFailed}, timers {c.Timers}, signals {c.Signals}, cancels {c.Cancels}, undos {c.Undos}, parked {c.Parked}")
            .AppendLine($"children {c.Children}, continuations as new {c.Continuations}, bodies by way of a queue {c.QueuedBodies}, starts with a signal {c.SignalledStarts}, starts by a schedule {c.CronStarts}, times skipped {c.CronSkips}")
            .AppendLine($"SIGKILLs {c.Kills} and by bodies {c.KillsInBodies}, freezes {c.Freezes}, graceful stops {c.GracefulStops}, clients killed {c.ClientKills}, locks {c.Locks}, server restarts {c.Restarts}, all sessions ended {c.SessionsEnded}, network cut {c.Cuts}")
            .AppendLine($"takeovers {c.Takeovers}, refused zombies {c.RefusedZombies}, store calls of unknown outcome {c.UnknownStoreCalls}, clients' calls {c.UnknownCalls}, of which were done {c.UnknownCommits}");
        foreach (var rule in Violations.GroupBy(violation => violation.Split("  ")[0]))
        {
            text.AppendLine($"VIOLATED {rule.Count()} times: {rule.Key}");
            foreach (var violation in rule.Take(Shown)) text.AppendLine($"    {violation}");
        }
        foreach (var missing in Missing) text.AppendLine($"INCONCLUSIVE {missing}");
        return text.Append(IsPassed ? "passed" : Violations.Count > 0 ? $"failed: {Violations.Count} violations" : "inconclusive").ToString();
    }
}
