using Perdure.Formats;
using Perdure.Storage;

namespace Perdure.Runtime;

/// <summary>Messages from a run to its children. Of each order to stop one may wait in an inbox, whoever gave it.</summary>
internal static class ChildOrders
{
    public static OutgoingMessage Cancel(string child, CancelRequest request) =>
        new() { RunId = child, Id = MessageIds.Cancel, ToChild = true, Kind = MessageKind.Cancel, Payload = RunJson.Write(request) };

    public static OutgoingMessage Terminate(string child, string reason) =>
        new() { RunId = child, Id = MessageIds.Terminate, ToChild = true, Kind = MessageKind.Terminate, Payload = RunJson.Write(new CancelRequest(reason)) };

    /// <param name="child">The child.</param>
    /// <param name="parent">The run that sends it.</param>
    /// <param name="e">Its record; its place names the message.</param>
    public static OutgoingMessage Signal(string child, string parent, in EventRecord e) => new()
    {
        RunId = child, ToChild = true, Id = FormattableString.Invariant($"_parent-{parent}-{e.Sequence}"), Kind = MessageKind.Signal, Name = e.Name, Payload = e.Data,
    };
}
