using Perdure.Authoring;
using Perdure.Formats;
using Perdure.Storage;

namespace Perdure.Runtime;

/// <summary>Something that the run asks of the outside world, and that is answered from there: a hook, or a question to people.</summary>
internal abstract class RequestOperation(int number, OperationKind kind, string name, SourceLine source, bool shielded)
    : Operation(number, kind, name, source, shielded)
{
    /// <summary>Sequence of the event that made the request.</summary>
    public int Request { get; private set; }

    public abstract EventKind CreationEvent { get; }

    public abstract EventKind ExpiryEvent { get; }

    public abstract EventKind CancelEvent { get; }

    /// <summary>Whether one answer more is the last one.</summary>
    public virtual bool IsLastAnswer => true;

    /// <summary>Data of the event that makes it. Asked for once in the life of a request.</summary>
    public abstract ReadOnlyMemory<byte> Describe(RuntimeKit kit);

    /// <summary>It was made, now or in an earlier life of the run.</summary>
    public virtual void Created(in EventRecord created, RuntimeKit kit) => Request = created.Sequence;

    /// <summary>The row of the request.</summary>
    public abstract NewRequest ToRow(in EventRecord created, RuntimeKit kit);

    /// <summary>Whether a recorded answer is meant for this request, and not for an earlier one of the same operation.</summary>
    public bool Accepts(in EventRecord answer) => answer.Kind == ExpiryEvent || RequestAnswerJson.RequestOf(answer.Data) == Request;
}
