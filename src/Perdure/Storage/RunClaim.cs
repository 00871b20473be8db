namespace Perdure.Storage;

/// <summary>A worker's wish for runs.</summary>
/// <param name="Stamp">Control lane and attempt number.</param>
/// <param name="Queues">Queues that it serves.</param>
/// <param name="Limit">At most this many runs.</param>
/// <param name="Suspects">At most this many runs that lost their worker twice or more without progress.</param>
public sealed record RunClaim(LaneStamp Stamp, IReadOnlyList<string> Queues, int Limit, int Suspects)
{
    /// <summary>While workers differ in their code, a claim looks at so many runs of a queue at once: most of them may be others'.</summary>
    internal const int LeastReach = 50;

    /// <summary>How often a claim looks again after it has put runs aside. Whatever is left then is found by the next claim, which is due at once.</summary>
    internal const int MostRounds = 10;
}

/// <summary>Answer to a claim.</summary>
/// <param name="Fenced">The worker's control lane is dead; nothing was claimed.</param>
/// <param name="Runs">The claimed runs, in claim order.</param>
/// <param name="NextDue">
/// When the next unowned run of these queues is due (in the past if the limit was reached), or never. Runs that lost their worker twice or more do not count once
/// the claim holds as many of them as it may: whoever drives them asks again when one is gone. Runs of a paused queue do not count; what a limit of its queue holds back
/// counts as due in a second.
/// </param>
/// <param name="Now">The store's clock.</param>
public sealed record ClaimedRuns(bool Fenced, IReadOnlyList<ClaimedRun> Runs, Instant NextDue, Instant Now)
{
    /// <summary>What operators have ordered of the worker. While it is paused nothing is claimed, and nothing counts as due. A claim that is read again does not tell.</summary>
    public WorkerOrders Orders { get; init; }
}

/// <summary>A claimed run with all that is needed to go on.</summary>
/// <param name="Row">Its row after the claim.</param>
/// <param name="History">Its events.</param>
/// <param name="Messages">Its unread messages; <c>Row.Inbox</c> is the counter that belongs to them.</param>
public sealed record ClaimedRun(RunRecord Row, IReadOnlyList<EventBatch> History, IReadOnlyList<InboxMessage> Messages);
