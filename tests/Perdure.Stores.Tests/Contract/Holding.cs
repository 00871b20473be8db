using Perdure.Storage;

namespace Perdure.Stores.Tests.Contract;

/// <summary>What the owner of a run knows of it: enough to write bundles.</summary>
internal sealed class Holding(long run, int term, int next, long seen = 0)
{
    public long Run => run;

    public int Term => term;

    /// <summary>Sequence of the next event. Raised by the test when its events are committed.</summary>
    public int Next { get; set; } = next;

    /// <summary>Inbox value up to which the messages are read.</summary>
    public long Seen { get; set; } = seen;

    public static Holding Of(ClaimedRun claimed) => new(claimed.Row.Key, claimed.Row.Term, claimed.Row.Events, claimed.Row.Inbox);

    /// <summary>A bundle that fits the row, unless a parameter makes it unfit.</summary>
    public RunBundle Bundle(
        int events = 0, RunRowUpdate? row = null, RunStatus? close = null, bool keepQueued = false, bool release = false,
        bool requireSeen = false,
        Instant? notBefore = null, IReadOnlyList<long>? consumed = null, IReadOnlyList<NewTask>? newTasks = null,
        IReadOnlyList<TaskAttempt>? ended = null, IReadOnlyList<int>? cancel = null, int? term = null, int? next = null, Instant? closedAt = null,
        int signalsTaken = 0, RequestChanges? requests = null) => new()
        {
            Run = Run, Term = term ?? Term, BaseSequence = next ?? Next, Seen = Seen,
            Events = events == 0 ? default : Make.Events(next ?? Next, events),
            Row = row, Release = release, RequireSeen = requireSeen, NotBefore = notBefore ?? Instant.Earliest, Consumed = consumed ?? [], SignalsTaken = signalsTaken, Requests = requests,
            NewTasks = newTasks ?? [], EndedTasks = ended ?? [], CancelTasks = cancel ?? [],
            Close = close is not { } status ? null : new()
            {
                Status = status, Event = Make.Events((next ?? Next) + events, mark: "end"), At = closedAt ?? new(5_000_000), KeepQueued = keepQueued,
                Result = status == RunStatus.Completed ? Make.Bytes("42") : default,
                Failure = status == RunStatus.Completed ? default : Make.Bytes("{\"code\":\"x\"}"),
            },
        };

    public RunBundle Append(int events = 1) => Bundle(events);

    public RunBundle Release(RunStatus status, Instant due) => Bundle(row: Row(status, due), release: true);

    public static RunRowUpdate Row(RunStatus status, Instant due) =>
        new() { Status = status, DueAt = due, Waiting = Make.Bytes("[\"timer\"]") };
}
