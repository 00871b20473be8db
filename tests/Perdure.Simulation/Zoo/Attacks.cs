namespace Perdure.Simulation;

/// <summary>An attack on the commit protocol, and what shows that it fails: a planted bug that takes its defence away and is found, or a scenario of its own.</summary>
/// <param name="Name">The attack, in the protocol's words.</param>
/// <param name="Rule">The rule that stands against it.</param>
/// <param name="Defects">Bugs that take the rule away.</param>
/// <param name="Scenarios">Scenarios of the crash sweep that carry the attack out.</param>
internal sealed record Attack(string Name, string Rule, Defect[] Defects, string[] Scenarios);

/// <summary>The attack table of the commit protocol.</summary>
internal static class Attacks
{
    public static IReadOnlyList<Attack> All { get; } =
    [
        new("zombie commits or claims after takeover", "Fence; MarkDead locks lanes; Free for ever", [Defect.NoFence, Defect.FreeOnce, Defect.TasksStayWithTheDead], ["chain", "takeover at the same time"]),
        new("group lands after we looked", "barrier; fresh n", [Defect.NoBarrier], []),
        new("failover loses groups", "last_group=:prev; events=:base", [Defect.UnknownMeansLost, Defect.UnknownMeansCommitted], []),
        new("message just before release or close", "inbox=:seen; one-statement Read", [Defect.ReleaseBlind, Defect.CloseBlind], ["eviction under a signal", "cancels into the commit that ends"]),
        new("owner's update hides a message", "CASE in step 4", [Defect.DueHidesMessage], ["signals into the commit that suspends"]),
        new("child end lost between two commits", "D4", [Defect.ChildEndInTwoParts, Defect.ResultInTwoParts], ["activity on another worker", "child", "child ends while nobody has its parent"]),
        new("direct message into a release", "M6", [Defect.DirectOvertakesRows], ["signals by row and in process", "eviction under a signal"]),
        new("late copy of a consumed message", "M9", [Defect.FreshMessageIds], ["signal late"]),
        new("soft outcome of an unknown commit", "M5 with term", [Defect.GuessSoftOutcome], ["terminate and cancel"]),
        new("later turns after a failed item", "M2, F4", [], ["poison beside health"]),
        new("stale history at claim", "separate statements", [Defect.StaleHistory, Defect.OrderByOperation], []),
        new("late task result", "attempt token", [Defect.NoAttemptToken], ["activity on another worker", "lost heartbeat"]),
        // The memory store has no backends to end; a group that hangs and lands late is what is left of the attack.
        new("frozen sender holds the lane row", "terminate backend", [Defect.NoBarrier], ["chain"]),
    ];
}
