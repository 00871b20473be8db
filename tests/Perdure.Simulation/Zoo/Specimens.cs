namespace Perdure.Simulation;

/// <summary>A planted bug and the promises that it breaks: it counts as found only by one of them.</summary>
/// <param name="Defect">The bug.</param>
/// <param name="Rules">Invariants that it breaks. More than one where chance decides which consequence shows first.</param>
internal sealed record Specimen(Defect Defect, params string[] Rules)
{
    /// <summary>Scenarios that are about what the bug takes away; the hunt tries them before the others.</summary>
    public string[] Scenarios { get; init; } = [];
}

/// <summary>Which promise each planted bug breaks.</summary>
internal static class Specimens
{
    public static IReadOnlyList<Specimen> All { get; } =
    [
        new(Defect.NoFence, "I-11", "I-37"),
        new(Defect.ReleaseBlind, "I-06") { Scenarios = ["eviction under a signal"] },
        new(Defect.CloseBlind, "I-19", "I-29") { Scenarios = ["cancels into the commit that ends"] },
        new(Defect.AnswerBeforeCommit, "I-01", "I-06", "I-08", "I-09"),
        new(Defect.UnknownMeansLost, "I-37"),
        new(Defect.UnknownMeansCommitted, "I-37"),
        new(Defect.NoBarrier, "I-37"),
        new(Defect.ConsumeAtRead, "I-19"),
        new(Defect.DeleteUnread, "I-06", "I-19", "I-29"),
        new(Defect.OrderByOperation, "I-12", "I-13"),
        new(Defect.NoAttemptToken, "I-15"),
        new(Defect.CheckThenInsert, "I-03"),
        new(Defect.LeaseByWorkerClock, "I-27"),
        new(Defect.FreshMessageIds, "I-19", "I-20"),
        new(Defect.DueHidesMessage, "I-06") { Scenarios = ["signals into the commit that suspends"] },
        new(Defect.GuessSoftOutcome, "I-06") { Scenarios = ["cancels into the commit that ends"] },
        new(Defect.StaleHistory, "I-13"),
        new(Defect.ResultInTwoParts, "I-06") { Scenarios = ["activity on another worker"] },
        new(Defect.DirectOvertakesRows, "I-21"),
        new(Defect.TimerByWorkerClock, "I-24"),
        new(Defect.LossNotCounted, "I-09"),
        new(Defect.TasksStayWithTheDead, "I-06"),
        new(Defect.LostTasksWaitForNothing, "I-14") { Scenarios = ["an activity that loses two workers"] },
        new(Defect.SuspectTasksTogether, "I-35") { Scenarios = ["activities beside one that kills its worker"] },
        new(Defect.ReopenKeepsOrders, "I-29"),
        new(Defect.FreeOnce, "I-06"),
        new(Defect.ClaimPastLimits, "I-17"),
        new(Defect.SlotsStayWithTheDead, "I-06"),
        new(Defect.ChildEndInTwoParts, "I-06") { Scenarios = ["child"] },
        new(Defect.AnswersGoneAtRead, "I-19") { Scenarios = ["a hook answered"] },
        new(Defect.AnsweredTwice, "I-19", "I-20") { Scenarios = ["a question answered twice"] },
        new(Defect.SuccessorInTwoParts, "I-22", "I-26") { Scenarios = ["continued twice"] },
        new(Defect.SignalsLeftBehind, "I-19") { Scenarios = ["continued with signals that nobody took"] },
        new(Defect.HooksLeftBehind, "I-19", "I-20", "I-22") { Scenarios = ["continued with a hook that is answered as it moves on"] },
        new(Defect.AnswersLeftBehind, "I-19") { Scenarios = ["continued with an open hook"] },
        new(Defect.MovedHookForgets, "I-19", "I-20") { Scenarios = ["continued with a hook that is answered too often"] },
        new(Defect.PurgeEmptiesInbox, "I-19") { Scenarios = ["a purge of a queue"] },
        new(Defect.ClaimWhilePaused, "I-40") { Scenarios = ["a worker that is paused"] },
        new(Defect.ClaimIgnoresVersion, "I-35") { Scenarios = ["two builds, each with its version"] },
        new(Defect.ClaimIgnoresBuild, "I-35") { Scenarios = ["two builds, each with its pinned runs"] },
        new(Defect.StartsPastOrders, "I-28") { Scenarios = ["schedules that are deleted as they are due"] },
        new(Defect.WithdrawsWhatRuns, "I-15") { Scenarios = ["activities taken off their queue as a worker takes them"] },
        new(Defect.LoopCountsAttempts, "I-12"),
        new(Defect.FailedAttemptsLeaveData, "I-12"),
    ];

    public static Specimen Of(Defect defect) => All.Single(specimen => specimen.Defect == defect);
}
