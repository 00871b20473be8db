namespace Perdure.Torture.Checking;

/// <summary>Compares the evidence with what Perdure promises.</summary>
internal static class Checker
{
    public static Violations Check(Evidence evidence)
    {
        var violations = new Violations();
        ClientRules.Check(evidence, violations);
        HistoryRules.Check(evidence, violations);
        ReplayRules.Check(evidence, violations);
        AttemptRules.Check(evidence, violations);
        RetryRules.Check(evidence, violations);
        TimerRules.Check(evidence, violations);
        OwnershipRules.Check(evidence, violations);
        ChildRules.Check(evidence, violations);
        ScheduleRules.Check(evidence, violations);
        StopRules.Check(evidence, violations);
        return violations;
    }
}
