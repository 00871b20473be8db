using System.Runtime.InteropServices;
using Perdure.Storage;

namespace Perdure.Runtime;

/// <summary>
/// What a run wants to have written next, and what may happen outside once that is durable. Turns add to it until its owner takes it for a commit.
/// </summary>
internal sealed class RunDraft(int firstSequence)
{
    /// <summary>What an event takes besides its data, as a rule.</summary>
    private const int EventOverhead = 64;

    private ByteWriter? _bytes;
    private List<BodyOperation>? _bodies;
    private List<BodyOperation>? _cancelBodies;
    private List<TaskWish>? _tasks;
    private List<int>? _cancelTasks;
    private List<ChildWish>? _children;
    private List<OutgoingMessage>? _messages;
    private RequestDraft? _requests;

    /// <summary>Sequence of the first event.</summary>
    public int FirstSequence { get; private set; } = firstSequence;

    public int Count { get; private set; }

    /// <summary>Whether every event so far is the outcome of a Deferred step, which may wait for the run's next commit.</summary>
    public bool IsDeferrable { get; private set; } = true;

    /// <summary>The latest due instant of the timers that fired; the store refuses the draft before it.</summary>
    public Instant NotBefore { get; private set; } = Instant.Earliest;

    /// <summary>Bodies to begin.</summary>
    public ReadOnlySpan<BodyOperation> Bodies => CollectionsMarshal.AsSpan(_bodies);

    /// <summary>Running bodies whose tokens shall fire.</summary>
    public ReadOnlySpan<BodyOperation> CancelBodies => CollectionsMarshal.AsSpan(_cancelBodies);

    /// <summary>Activities to put on their queues.</summary>
    public ReadOnlySpan<TaskWish> Tasks => CollectionsMarshal.AsSpan(_tasks);

    /// <summary>Operations whose tasks shall be cancelled.</summary>
    public IReadOnlyList<int> CancelTasks => _cancelTasks ?? (IReadOnlyList<int>)[];

    /// <summary>Children to be born.</summary>
    public IReadOnlyList<ChildWish> Children => _children ?? (IReadOnlyList<ChildWish>)[];

    /// <summary>Whether some child of these is not born past an unread message.</summary>
    public bool HeedsUnread
    {
        get
        {
            if (_children is null) return false;
            foreach (var child in _children)
                if (child.Call.Options.HeedsUnread) return true;
            return false;
        }
    }

    /// <summary>Messages to other runs.</summary>
    public IReadOnlyList<OutgoingMessage> Messages => _messages ?? (IReadOnlyList<OutgoingMessage>)[];

    /// <summary>What happens to the run's requests; null for nothing.</summary>
    public RequestDraft? Requests => _requests;

    public bool PublishedChanged { get; set; }

    public bool DataChanged { get; set; }

    /// <summary>Whether nothing has to be written or done.</summary>
    public bool IsEmpty => Count == 0 && Bodies.IsEmpty && _cancelBodies is null && _tasks is null && _cancelTasks is null && !PublishedChanged && !DataChanged && _messages is null && _requests is null;

    public uint Append(in EventRecord e, uint checksum, bool deferrable)
    {
        IsDeferrable &= deferrable;
        Count++;
        _bytes ??= new ByteWriter(0);
        _bytes.Expect(EventOverhead + e.Data.Length);
        return EventCodec.Write(_bytes, e, checksum);
    }

    /// <summary>The events, given away.</summary>
    public EventBatch DetachEvents() => new(FirstSequence, Count, Count == 0 ? default : _bytes!.Detach());

    public void Begin(BodyOperation body) => (_bodies ??= []).Add(body);

    /// <summary>No body begins.</summary>
    public void DropBodies() => _bodies?.Clear();

    public void Cancel(BodyOperation running) => (_cancelBodies ??= []).Add(running);

    public void Queue(in TaskWish task) => (_tasks ??= []).Add(task);

    public void Start(ChildWish child) => (_children ??= []).Add(child);

    public void Send(OutgoingMessage message) => (_messages ??= []).Add(message);

    public void OpenRequest(NewRequest request) => (_requests ??= new()).Open(request);

    public void WithdrawRequest(int operation) => (_requests ??= new()).Withdraw(operation);

    public void ExpireRequest(int operation) => (_requests ??= new()).Expire(operation);

    public void CancelTask(int operation) => (_cancelTasks ??= []).Add(operation);

    public void FiredAt(Instant due) => NotBefore = Instant.Max(NotBefore, due);

    /// <summary>Lets go of the room that it has for more. Only when it is empty.</summary>
    public void Rest() => (_bytes, _bodies) = (null, null);

    /// <summary>Begins anew, once everything that it held has been written and begun.</summary>
    public void Reuse(int sequence)
    {
        (FirstSequence, Count, IsDeferrable, NotBefore, PublishedChanged, DataChanged) = (sequence, 0, true, Instant.Earliest, false, false);
        _bodies?.Clear();
        (_cancelBodies, _tasks, _cancelTasks) = (null, null, null);
        (_children, _messages, _requests) = (null, null, null);
    }
}

/// <summary>An attempt of an activity to be queued.</summary>
/// <param name="Activity">The operation.</param>
/// <param name="Due">Not before.</param>
/// <param name="AttemptsUsed">Attempt numbers that are used up.</param>
/// <param name="Details">Heartbeat details of the attempt before.</param>
internal readonly record struct TaskWish(ActivityOperation Activity, Instant Due, int AttemptsUsed, ReadOnlyMemory<byte> Details);
