using Perdure.Storage;

namespace Perdure.Runtime;

/// <summary>
/// What a run wants to have written next, and what may happen outside once that is durable. Turns add to it until its owner takes it for a commit.
/// </summary>
internal sealed class RunDraft(int firstSequence)
{
    /// <summary>Sequence of the first event.</summary>
    public int FirstSequence { get; } = firstSequence;

    public ByteWriter Bytes { get; } = new(0);

    public int Count { get; private set; }

    /// <summary>Whether every event so far is the outcome of a Deferred step, which may wait for the run's next commit.</summary>
    public bool IsDeferrable { get; private set; } = true;

    /// <summary>The latest due instant of the timers that fired; the store refuses the draft before it.</summary>
    public Instant NotBefore { get; private set; } = Instant.Earliest;

    /// <summary>Bodies to begin.</summary>
    public List<BodyOperation> Bodies { get; } = [];

    /// <summary>Running bodies whose tokens shall fire.</summary>
    public List<BodyOperation> CancelBodies { get; } = [];

    /// <summary>Activities to put on their queues.</summary>
    public List<TaskWish> Tasks { get; } = [];

    /// <summary>Operations whose tasks shall be cancelled.</summary>
    public List<int> CancelTasks { get; } = [];

    public bool PublishedChanged { get; set; }

    /// <summary>Whether nothing has to be written or done.</summary>
    public bool IsEmpty => Count == 0 && Bodies.Count == 0 && CancelBodies.Count == 0 && Tasks.Count == 0 && CancelTasks.Count == 0 && !PublishedChanged;

    public uint Append(in EventRecord e, uint checksum, bool deferrable)
    {
        IsDeferrable &= deferrable;
        Count++;
        return EventCodec.Write(Bytes, e, checksum);
    }

    public void FiredAt(Instant due) => NotBefore = Instant.Max(NotBefore, due);
}

/// <summary>An attempt of an activity to be queued.</summary>
/// <param name="Activity">The operation.</param>
/// <param name="Due">Not before.</param>
/// <param name="AttemptsUsed">Attempt numbers that are used up.</param>
/// <param name="Details">Heartbeat details of the attempt before.</param>
internal readonly record struct TaskWish(ActivityOperation Activity, Instant Due, int AttemptsUsed, ReadOnlyMemory<byte> Details);
