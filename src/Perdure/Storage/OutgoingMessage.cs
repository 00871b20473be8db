namespace Perdure.Storage;

/// <summary>What a message asks of a run. Values are stored.</summary>
public enum MessageKind
{
    /// <summary>A signal; the name is the signal's.</summary>
    Signal = 1,
    /// <summary>The result of a task; the payload is read by the engine only.</summary>
    TaskResult = 2,
    /// <summary>A request to stop; the payload says why and how.</summary>
    Cancel = 3,
    /// <summary>An order to end at once.</summary>
    Terminate = 4,
    /// <summary>Lets a blocked or paused run go on.</summary>
    Resume = 5,
    /// <summary>Reopens a closed run; only through <see cref="IPerdureStore.ReopenRunAsync"/>.</summary>
    Reopen = 6,
    /// <summary>Lets a run stand still.</summary>
    Pause = 7,
    /// <summary>A child of the run has ended, or could not be started; the payload is read by the engine only.</summary>
    ChildEnd = 20,
    /// <summary>The answer to a request; only through <see cref="IPerdureStore.AnswerRequestAsync"/>. The payload is read by the engine only.</summary>
    Answer = 12,
    /// <summary>Ends a wait; the payload is read by the engine only.</summary>
    CancelWait = 13,
}

/// <summary>A message on its way to a run's inbox.</summary>
public sealed record OutgoingMessage
{
    /// <summary>Public id of the run; used when <see cref="RunKey"/> is 0.</summary>
    public string? RunId { get; init; }

    /// <summary>Key of the run, or 0 to look it up by id.</summary>
    public long RunKey { get; init; }

    /// <summary>Of a message in a bundle: it reaches the run only if that is a child of the bundle's run. Whoever chose an id may have found it taken.</summary>
    public bool ToChild { get; init; }

    /// <summary>Unique per run; made by the sender before its first try.</summary>
    public required string Id { get; init; }

    /// <summary>What it asks.</summary>
    public required MessageKind Kind { get; init; }

    /// <summary>Name of the signal; else empty.</summary>
    public string Name { get; init; } = "";

    /// <summary>Payload, JSON.</summary>
    public ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>
    /// Of a <see cref="MessageKind.Reopen"/>: how many events the run had when its end was seen. The run is reopened from that end only, so that a late copy of
    /// the order does not reopen it again when it has ended anew. 0 for any end.
    /// </summary>
    public int SeenEvents { get; init; }

    /// <summary>Whether it wakes a blocked or paused run too. Cancel, terminate and resume do.</summary>
    public bool WakesBlocked => Kind is MessageKind.Cancel or MessageKind.Terminate or MessageKind.Resume;
}

/// <summary>What became of a message.</summary>
public enum PostVerdict
{
    /// <summary>It is in the inbox.</summary>
    Accepted,
    /// <summary>A message with that id was in the inbox already; for a signal also if the run has ended since without reading it.</summary>
    Duplicate,
    /// <summary>The run has ended; nothing was stored.</summary>
    Closed,
    /// <summary>There is no such run; nothing was stored.</summary>
    NotFound,
    /// <summary>The run has as many signals that nobody took as a run may have; nothing was stored.</summary>
    Full,
    /// <summary>Of a <see cref="MessageKind.Reopen"/>: the run is a child, and its parent has not ended; nothing was stored.</summary>
    ParentLive,
}

/// <summary>Answer to a message.</summary>
/// <param name="Verdict">What became of it.</param>
/// <param name="RunKey">Key of the run; 0 if not found.</param>
/// <param name="Status">Status of the run when the message arrived.</param>
/// <param name="Phase">Phase of the run when the message arrived.</param>
public readonly record struct PostOutcome(PostVerdict Verdict, long RunKey, RunStatus Status, RunPhase Phase);

/// <summary>A message in an inbox.</summary>
/// <param name="Position">The inbox counter after it arrived; commit order within the run.</param>
/// <param name="Id">The sender's message id.</param>
/// <param name="Kind">What it asks.</param>
/// <param name="Name">Name of the signal.</param>
/// <param name="Payload">Payload.</param>
/// <param name="At">When it arrived.</param>
public sealed record InboxMessage(long Position, string Id, MessageKind Kind, string Name, ReadOnlyMemory<byte> Payload, Instant At);

/// <summary>Unread messages of one run, read together with its counter.</summary>
/// <param name="Run">Key of the run.</param>
/// <param name="Counter">The inbox counter at that instant.</param>
/// <param name="Messages">All stored messages, by position.</param>
public sealed record Inbox(long Run, long Counter, IReadOnlyList<InboxMessage> Messages);

/// <summary>What became of a deletion.</summary>
public enum DeleteVerdict
{
    /// <summary>The run and all that belonged to it are gone; its start key is remembered.</summary>
    Deleted,
    /// <summary>There is no such run.</summary>
    NotFound,
    /// <summary>The run has not ended.</summary>
    Live,
    /// <summary>The run has ended, but its parent or a child of it has not.</summary>
    InUse,
}
