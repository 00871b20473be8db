using Perdure.Formats;
using Perdure.Storage;

namespace Perdure.Runtime;

/// <summary>What hooks of a run hold that no code may have received: whoever goes on in its place gets it.</summary>
internal sealed class HookLeavings
{
    private List<RequestOperation>? _full;
    private List<EventRecord>? _late;

    /// <summary>Notes a hook that has all its answers. The code may still ask for them.</summary>
    public void AddFull(RequestOperation hook) => (_full ??= []).Add(hook);

    /// <summary>Notes an answer that came when the code had ended already.</summary>
    public void AddLate(in EventRecord answer) => (_late ??= []).Add(answer);

    /// <summary>The answers of a hook that came when the code had ended already.</summary>
    public IReadOnlyList<EventRecord> LateOf(RequestOperation hook) =>
        _late?.FindAll(answer => RequestAnswerJson.OperationOf(answer.Data) == hook.Row && RequestAnswerJson.RequestOf(answer.Data) == hook.Request) ?? [];

    /// <summary>Adds the hooks that have all their answers, some of which nobody has received.</summary>
    public void AddUnreadTo(List<RequestOperation> hooks)
    {
        foreach (var hook in _full ?? [])
            if (hook.HasUnread) hooks.Add(hook);
    }
}
