namespace Perdure.Storage;

/// <summary>What a lane writes in one transaction.</summary>
/// <param name="Stamp">The lane and its attempt number.</param>
/// <param name="Bundles">At most one bundle a run.</param>
public sealed record RunGroup(LaneStamp Stamp, IReadOnlyList<RunBundle> Bundles);

/// <summary>What became of a group.</summary>
public enum GroupVerdict
{
    /// <summary>All of it is durable; soft parts answer for themselves.</summary>
    Committed,
    /// <summary>Nothing was written: the lane is dead, or its chain was broken.</summary>
    Fenced,
    /// <summary>Nothing was written: some bundles do not fit the rows; <see cref="GroupOutcome.Refusals"/> names them.</summary>
    Refused,
}

/// <summary>Why a bundle was refused.</summary>
public enum RefusalReason
{
    /// <summary>The run is no longer owned in that term, or has other events than its owner thinks.</summary>
    NotOwned,
    /// <summary>There are unread messages and the bundle requires that there are none.</summary>
    UnreadMessages,
    /// <summary>A timer in it is not due yet on the store's clock.</summary>
    TooEarly,
    /// <summary>A task attempt in it is not current any more.</summary>
    StaleTask,
    /// <summary>It creates something that its worker would have at once, on a queue that is paused or has limits: that must wait for a claim.</summary>
    QueueHeld,
}

/// <summary>A refused bundle.</summary>
/// <param name="Run">Key of the run.</param>
/// <param name="Reason">Why.</param>
public readonly record struct Refusal(long Run, RefusalReason Reason);

/// <summary>Answer to a group.</summary>
/// <param name="Verdict">What became of it.</param>
/// <param name="Bundles">When committed: an answer for each bundle, in order.</param>
/// <param name="Refusals">When refused: all bundles that were at fault.</param>
/// <param name="Now">The store's clock.</param>
public sealed record GroupOutcome(
    GroupVerdict Verdict, IReadOnlyList<BundleOutcome> Bundles, IReadOnlyList<Refusal> Refusals, Instant Now);

/// <summary>Answer to one bundle of a committed group.</summary>
public readonly record struct BundleOutcome
{
    /// <summary>The inbox was not looked at because the bundle only appended events.</summary>
    public const long InboxUnknown = -1;

    /// <summary>Creates an answer that says nothing.</summary>
    public BundleOutcome() { }

    /// <summary>What became of the birth.</summary>
    public BirthOutcome Birth { get; init; }

    /// <summary>The run's inbox counter, or <see cref="InboxUnknown"/>. Greater than what the owner has seen: there are unread messages.</summary>
    public long Inbox { get; init; } = InboxUnknown;

    /// <summary>Whether the close happened.</summary>
    public bool Closed { get; init; }

    /// <summary>Whether the run was released.</summary>
    public bool Released { get; init; }

    /// <summary>Whether the run has closed, and its parent, who is told of that (<see cref="MessageKind.ChildEnd"/>), had ended before, so that nobody hears of it.</summary>
    public bool EndUnheard { get; init; }

    /// <summary>Operations whose queued tasks were removed on request, by this bundle or an earlier one.</summary>
    public IReadOnlyList<int>? CancelledTasks { get; init; }

    /// <summary>Operations of <see cref="RequestChanges.Expiring"/> whose requests have expired.</summary>
    public IReadOnlyList<int>? ExpiredRequests { get; init; }
}
