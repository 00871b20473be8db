using Perdure.Formats;
using Perdure.Storage;

namespace Perdure.Runtime;

/// <summary>
/// Hooks that the run before in a chain left open. The first one of a name that the code asks for goes on with the inherited one. What is answered before that stands in the history
/// without an operation, and is handed over then.
/// </summary>
internal sealed class InheritedHooks(IReadOnlyList<OpenHook> hooks)
{
    private readonly int[] _heldBy = [.. hooks.Select(static _ => EventRecord.NoOperation)];
    private readonly List<EventRecord>?[] _early = new List<EventRecord>?[hooks.Count];

    /// <summary>The next one of this name that no operation has; null for none.</summary>
    public OpenHook? Claim(string name, int operation)
    {
        for (var i = 0; i < hooks.Count; i++)
        {
            if (hooks[i].Name != name || _heldBy[i] != EventRecord.NoOperation) continue;
            _heldBy[i] = operation;
            return hooks[i];
        }
        return null;
    }

    /// <summary>The operation that has the hook whose row this is; itself for any other row.</summary>
    public int HolderOf(int row) => IndexOf(row) is { } index ? _heldBy[index] : row;

    /// <summary>Notes an answer that no operation has asked for yet. False: it is meant for another request, or for one that the code has.</summary>
    public bool TakeEarly(in EventRecord e)
    {
        if (e.Kind != EventKind.HookReceived || e.Operation != EventRecord.NoOperation || IndexOf(RequestAnswerJson.OperationOf(e.Data)) is not { } index
            || _heldBy[index] != EventRecord.NoOperation) return false;
        (_early[index] ??= []).Add(e);
        return true;
    }

    /// <summary>The answers of this hook that came before anybody asked for it.</summary>
    public IReadOnlyList<EventRecord> EarlyAnswersOf(OpenHook hook) => _early[IndexOf(hook.Row)!.Value] ?? (IReadOnlyList<EventRecord>)[];

    /// <summary>Those that nobody has asked for, with the answers that they have got meanwhile: they go on to the next run.</summary>
    public IEnumerable<(OpenHook Hook, IReadOnlyList<EventRecord> Unread)> Unclaimed()
    {
        for (var i = 0; i < hooks.Count; i++)
        {
            if (_heldBy[i] == EventRecord.NoOperation) yield return (hooks[i], _early[i] ?? (IReadOnlyList<EventRecord>)[]);
        }
    }

    private int? IndexOf(int row)
    {
        for (var i = 0; i < hooks.Count; i++)
            if (hooks[i].Row == row) return i;
        return null;
    }
}
