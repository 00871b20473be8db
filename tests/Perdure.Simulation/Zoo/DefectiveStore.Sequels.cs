using Perdure.Storage;
using Perdure.Storage.Memory;

namespace Perdure.Simulation;

/// <content>Bugs in what follows from the end of a run: its parent's news and its successor.</content>
internal sealed partial class DefectiveStore
{
    /// <summary>What belongs to a group is done a moment after it, unless the process has ended by then.</summary>
    private async Task<GroupOutcome> CommitInTwoParts(MemoryStore store, SimStore from, RunGroup group, Func<RunClose, RunClose> first, Action<RunBundle> second)
    {
        var outcome = await store.CommitGroupAsync(Map(group, bundle => bundle.Close is { } close ? Copy(bundle, close: first(close)) : bundle), default);
        if (outcome.Verdict != GroupVerdict.Committed) return outcome;
        for (var i = 0; i < group.Bundles.Count; i++)
        {
            if (!outcome.Bundles[i].Closed) continue;
            var (bundle, ended) = (group.Bundles[i], outcome.Bundles[i]);
            world.After(Gap, () =>
            {
                if (home.IsDead) return;
                second(bundle);
                tap.Followed(from, bundle, ended);
            });
        }
        return outcome;
    }

    private static RunClose WithoutChildEnd(RunClose close) => close with { Messages = [.. close.Messages.Where(static message => message.Kind != MessageKind.ChildEnd)] };

    private static void TellParent(MemoryStore store, RunBundle bundle) =>
        _ = store.PostMessagesAsync([.. bundle.Close!.Messages.Where(static message => message.Kind == MessageKind.ChildEnd)], default);

    private static void BearSuccessor(MemoryStore store, RunBundle bundle)
    {
        if (bundle.Close!.Successor is not { } successor) return;
        _ = store.StartRunsAsync([successor], default);
        store.Runs.Succeed(store.Runs.Get(bundle.Run), store.Runs.Get(successor.Key));
    }

    private static RunClose WithoutSignals(RunClose close)
    {
        if (close.Successor is not { Events.Count: > 1 } successor) return close;
        var writer = new ByteWriter();
        EventCodec.Write(writer, EventCodec.ReadAll([successor.Events], out _)[0], 0);
        return close with { Successor = successor with { Events = new EventBatch(0, 1, writer.Detach()) } };
    }
}
