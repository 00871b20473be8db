using Perdure.Formats;
using Perdure.Storage;

namespace Perdure.Client;

/// <summary>Which answers of a history are meant for which of its hooks. One that a run has from the one before in a chain may have been answered before its code asked for it.</summary>
/// <param name="history">The run's history, or the beginning of it.</param>
/// <param name="inherited">The hooks that the run before has left to this one; null for none, or when they are not known.</param>
internal readonly struct HookAnswers(EventRecord[] history, IReadOnlyList<OpenHook>? inherited)
{
    /// <summary>Whether a hook had got all its answers when event <paramref name="sequence"/> was written.</summary>
    /// <param name="hook">The event that created it, or took it over.</param>
    /// <param name="sequence">Of an event of the history.</param>
    public bool IsFull(in EventRecord hook, int sequence)
    {
        var creation = RunJson.ReadHook(hook.Data);
        // Only an inherited one can have been answered before.
        var count = 0;
        for (var i = creation.Request is null ? hook.Sequence : 0; i <= sequence; i++)
            if (history[i].Kind == EventKind.HookReceived && IsMeantFor(hook, history[i])) count++;
        return count >= creation.MaxReceipts;
    }

    /// <summary>Whether an answer is one to this hook, and not to an earlier one of the same operation.</summary>
    public bool IsMeantFor(in EventRecord hook, in EventRecord answer)
    {
        var creation = RunJson.ReadHook(hook.Data);
        var row = RequestAnswerJson.OperationOf(answer.Data);
        return RequestAnswerJson.RequestOf(answer.Data) == (creation.Request ?? hook.Sequence) && (creation.Request is null ? row == hook.Operation : IsRowOf(creation, row));
    }

    /// <summary>An inherited hook keeps the row that it has, which is no operation of this run.</summary>
    private bool IsRowOf(HookCreation creation, int row)
    {
        foreach (var hook in inherited ?? [])
            if (hook.Nonce == creation.Nonce) return row == hook.Row;
        return row <= OpenHook.FirstRow;
    }
}
