using Perdure.Authoring;
using Perdure.Formats;
using Perdure.Storage;

namespace Perdure.Runtime;

/// <summary>
/// The children of a run that may still live, whichever attempt of its workflow started them: whom to tell when the run is cancelled or ends. That one has ended is
/// noted where it shows; telling it then does no harm.
/// </summary>
internal sealed class ChildLedger
{
    private readonly Dictionary<string, Entry> _live = new(StringComparer.Ordinal);

    /// <summary>Takes what an event says of the run's children.</summary>
    public void Note(in EventRecord e)
    {
        switch (e.Kind)
        {
            case EventKind.ChildStarted:
                var note = ChildNote.Read(e.Note!);
                // One that asks for an id that a child of the run has already gets no child of its own.
                _live.TryAdd(note.Id, new Entry(e.Operation, note.Policy, WasAsked: false));
                break;
            case EventKind.ChildCompleted or EventKind.ChildFailed or EventKind.ChildCancelled:
                foreach (var (id, child) in _live)
                {
                    if (child.Operation != e.Operation) continue;
                    _live.Remove(id);
                    break;
                }
                break;
            case EventKind.CancelRequested:
                foreach (var (id, child) in _live) _live[id] = child with { WasAsked = true };
                break;
            case EventKind.RunReset:
                // The end of that life of the run has told them; the next begins without them.
                _live.Clear();
                break;
        }
    }

    /// <summary>The child of an operation has ended, or never began.</summary>
    public void Remove(string child, int operation)
    {
        if (_live.TryGetValue(child, out var entry) && entry.Operation == operation) _live.Remove(child);
    }

    /// <summary>Notes of those that may still live.</summary>
    public IReadOnlyList<string> Notes()
    {
        var notes = new List<string>(_live.Count);
        foreach (var (id, child) in _live) notes.Add(new ChildNote(id, child.Policy).Write());
        return notes;
    }

    /// <summary>The run is cancelled: children that go with it are asked to cancel as well.</summary>
    public List<OutgoingMessage> TellCancelled(CancelRequest request)
    {
        var messages = new List<OutgoingMessage>();
        foreach (var (id, child) in _live)
        {
            if (child.Policy == ParentClosePolicy.RequestCancel && !child.WasAsked) messages.Add(ChildOrders.Cancel(id, Because("the parent run was cancelled", request.Reason)));
            _live[id] = child with { WasAsked = true };
        }
        return messages;
    }

    /// <summary>The run ends: each child is told what its policy says.</summary>
    public List<OutgoingMessage> TellEnded(RunStatus status)
    {
        var messages = new List<OutgoingMessage>();
        var reason = $"the parent run has ended: {status}";
        foreach (var (id, child) in _live)
        {
            if (child.Policy == ParentClosePolicy.Terminate) messages.Add(ChildOrders.Terminate(id, reason));
            else if (child.Policy == ParentClosePolicy.RequestCancel && !child.WasAsked) messages.Add(ChildOrders.Cancel(id, new CancelRequest(reason, Cause: CancellationCause.Parent)));
        }
        return messages;
    }

    private static CancelRequest Because(string what, string? why) => new(why is null ? what : $"{what}: {why}", Cause: CancellationCause.Parent);

    private readonly record struct Entry(int Operation, ParentClosePolicy Policy, bool WasAsked);
}
