using Perdure.Authoring;
using Perdure.Formats;
using Perdure.Storage;

namespace Perdure.Runtime;

/// <summary>Something that the run asks of the outside world, and that is answered from there: a hook, or a question to people.</summary>
internal abstract class RequestOperation(int number, OperationKind kind, string name, SourceLine source, bool shielded)
    : Operation(number, kind, name, source, shielded)
{
    /// <summary>Number of the request: sequence of the event that made it, in this run or in the one before in a chain.</summary>
    public int Request { get; private set; }

    /// <summary>Sequence of the event by which this run has it.</summary>
    public int Opened { get; private set; }

    /// <summary>The operation under which its row is kept.</summary>
    public virtual int Row => Number;

    public abstract EventKind CreationEvent { get; }

    public abstract EventKind ExpiryEvent { get; }

    public abstract EventKind CancelEvent { get; }

    /// <summary>Whether one answer more is the last one.</summary>
    public virtual bool IsLastAnswer => true;

    /// <summary>Data of the event that makes it. Asked for once in the life of a request.</summary>
    public abstract ReadOnlyMemory<byte> Describe(RuntimeKit kit);

    /// <summary>It was made, now or in an earlier life of the run.</summary>
    public virtual void Created(in EventRecord created, RuntimeKit kit) => (Opened, Request) = (created.Sequence, NumberOf(created));

    /// <summary>The row of the request.</summary>
    public abstract NewRequest ToRow(in EventRecord created, RuntimeKit kit);

    /// <summary>What the run that goes on in this one's place has of it, and the answers that no code has asked for; null if its row does not outlive the run.</summary>
    /// <param name="row">The operation under which its row is kept there.</param>
    public virtual (OpenHook Hook, IReadOnlyList<EventRecord> Unread)? Leave(int row) => null;

    /// <summary>Whether it holds answers that no code has asked for.</summary>
    public virtual bool HasUnread => false;

    /// <summary>The number of the request that an event made, or took over.</summary>
    public static int NumberOf(in EventRecord created) =>
        created.Kind == EventKind.HookCreated && RunJson.ReadHook(created.Data).Request is { } number ? number : created.Sequence;

    /// <summary>Whether a recorded answer is meant for this request, and not for an earlier one of the same operation.</summary>
    public bool Accepts(in EventRecord answer) => answer.Kind == ExpiryEvent || RequestAnswerJson.RequestOf(answer.Data) == Request;
}
