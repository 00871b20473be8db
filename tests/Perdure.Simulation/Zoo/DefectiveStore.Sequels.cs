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

    private static RunClose WithoutSignals(RunClose close) => Without(close, EventKind.SignalReceived);

    private static RunClose WithoutAnswers(RunClose close) => Without(close, EventKind.HookReceived);

    /// <summary>The successor is born without what the run has left to it of a kind.</summary>
    private static RunClose Without(RunClose close, EventKind left)
    {
        if (close.Successor is not { Events.Count: > 1 } successor) return close;
        var writer = new ByteWriter();
        var (count, checksum) = (0, 0u);
        foreach (var e in EventCodec.ReadAll([successor.Events], out _))
            if (e.Kind != left) checksum = EventCodec.Write(writer, e with { Sequence = count++ }, checksum);
        return close with { Successor = successor with { Events = new EventBatch(0, count, writer.Detach()) } };
    }

    /// <summary>Hooks that have gone on to a successor have no answers any more.</summary>
    private static async Task<GroupOutcome> CommitAndForget(MemoryStore store, RunGroup group)
    {
        var outcome = await store.CommitGroupAsync(group, default);
        for (var i = 0; i < outcome.Bundles.Count; i++)
        {
            if (!outcome.Bundles[i].Closed || group.Bundles[i].Close is not { Successor: { } successor } close) continue;
            foreach (var move in close.Moved)
            {
                if (store.Runs.Find(successor.Key) is not { } next || RequestTable.Find(next, move.To) is not { } row) continue;
                row.Answers.Clear();
                row.State = RequestState.Pending;
            }
        }
        return outcome;
    }
}
