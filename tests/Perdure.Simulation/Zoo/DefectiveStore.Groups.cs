using Perdure.Storage;
using Perdure.Storage.Memory;

namespace Perdure.Simulation;

/// <content>Bugs in the journal's transaction.</content>
internal sealed partial class DefectiveStore
{
    public Task<GroupOutcome> CommitGroup(MemoryStore store, SimStore from, RunGroup group)
    {
        IsLate = false;
        switch (defect)
        {
            case Defect.NoFence:
                Revive(store, group.Stamp);
                return store.CommitGroupAsync(group, default);
            case Defect.UnknownMeansLost:
                store.Workers.Find(group.Stamp.Worker)!.Lanes[group.Stamp.Lane].LastGroup = group.Stamp.Previous;
                return store.CommitGroupAsync(Map(group, bundle => Rebase(store, bundle)), default);
            case Defect.StaleHistory:
                return store.CommitGroupAsync(Map(group, bundle => Rebase(store, bundle)), default);
            case Defect.ReleaseBlind:
                return store.CommitGroupAsync(Map(group, bundle => bundle is { Release: true, RequireSeen: false } ? Copy(bundle, seen: Counter(store, bundle)) : bundle), default);
            case Defect.CloseBlind:
                return store.CommitGroupAsync(Map(group, bundle => bundle.Close is null ? bundle : Copy(bundle, seen: Counter(store, bundle))), default);
            case Defect.DirectOvertakesRows:
                return store.CommitGroupAsync(Map(group, static bundle => Copy(bundle, requireSeen: false)), default);
            case Defect.StartsPastOrders:
                return store.CommitGroupAsync(Map(group, static bundle => bundle.Children.Count > 0 ? Copy(bundle, requireSeen: false) : bundle), default);
            case Defect.TimerByWorkerClock:
                return store.CommitGroupAsync(Map(group, static bundle => Copy(bundle, notBefore: Instant.Earliest)), default);
            case Defect.AnswerBeforeCommit:
                return AnswerBefore(store, from, group);
            case Defect.DeleteUnread or Defect.DueHidesMessage:
                return CommitAndSpoil(store, group);
            case Defect.ChildEndInTwoParts:
                return CommitInTwoParts(store, from, group, WithoutChildEnd, bundle => TellParent(store, bundle));
            case Defect.SuccessorInTwoParts:
                return CommitInTwoParts(store, from, group, static close => close with { Successor = null }, bundle => BearSuccessor(store, bundle));
            case Defect.SignalsLeftBehind:
                return store.CommitGroupAsync(Map(group, static bundle => bundle.Close is { } close ? Copy(bundle, close: WithoutSignals(close)) : bundle), default);
            case Defect.HooksLeftBehind:
                return store.CommitGroupAsync(Map(group, static bundle => bundle.Close is { } close ? Copy(bundle, close: close with { Moved = [] }) : bundle), default);
            case Defect.AnswersLeftBehind:
                return store.CommitGroupAsync(Map(group, static bundle => bundle.Close is { } close ? Copy(bundle, close: WithoutAnswers(close)) : bundle), default);
            case Defect.MovedHookForgets:
                return CommitAndForget(store, group);
            default:
                return store.CommitGroupAsync(group, default);
        }
    }

    private async Task<GroupOutcome> CommitAndSpoil(MemoryStore store, RunGroup group)
    {
        var outcome = await store.CommitGroupAsync(group, default);
        if (outcome.Verdict != GroupVerdict.Committed) return outcome;
        for (var i = 0; i < group.Bundles.Count; i++)
        {
            var bundle = group.Bundles[i];
            if (store.Runs.Find(bundle.Run) is not { } run) continue;
            if (defect == Defect.DeleteUnread && bundle.Consumed.Count > 0)
                foreach (var message in run.Inbox.All()) run.Inbox.Remove(message.Position);
            if (defect == Defect.DueHidesMessage && bundle.Row is { } row && !outcome.Bundles[i].Closed) store.Runs.SetDue(run, row.DueAt);
        }
        return outcome;
    }

    /// <summary>Says "committed" at once; the group is written a moment later, unless its process has ended.</summary>
    private Task<GroupOutcome> AnswerBefore(MemoryStore store, SimStore from, RunGroup group)
    {
        while (_late.TryDequeue(out var write)) write();
        IsLate = true;
        var isDone = false;
        _late.Enqueue(Write);
        world.After(Gap, Write);
        var bundles = group.Bundles.Select(static bundle => new BundleOutcome
        {
            Birth = bundle.Birth is { } birth ? new BirthOutcome(BirthVerdict.Created, birth.Key, birth.Id, RunStatus.Running) : default,
            Inbox = bundle.Row is null ? BundleOutcome.InboxUnknown : bundle.Seen,
            Closed = bundle.Close is not null, Released = bundle is { Release: true, Close: null },
        });
        return Task.FromResult(new GroupOutcome(GroupVerdict.Committed, [.. bundles], [], Instant.From(storeTime.GetUtcNow())));

        void Write()
        {
            if (isDone || home.IsDead) return;
            isDone = true;
            tap.GroupExecuted(from, group, store.CommitGroupAsync(group, default).Result);
        }
    }

    private static long Counter(MemoryStore store, RunBundle bundle) => store.Runs.Find(bundle.Run)?.Inbox.Counter ?? bundle.Seen;

    private static RunGroup Map(RunGroup group, Func<RunBundle, RunBundle> map) => group with { Bundles = [.. group.Bundles.Select(map)] };

    /// <summary>Makes a bundle fit behind whatever is there.</summary>
    private static RunBundle Rebase(MemoryStore store, RunBundle bundle)
    {
        if (bundle.Birth is not null || store.Runs.Find(bundle.Run) is not { } run || run.EventCount == bundle.BaseSequence) return bundle;
        var events = bundle.Events with { FirstSequence = run.EventCount };
        var close = bundle.Close is { } end ? end with { Event = end.Event with { FirstSequence = events.End } } : null;
        return Copy(bundle, baseSequence: run.EventCount, events: events, close: close);
    }

    private static RunBundle Copy(
        RunBundle b, long? seen = null, bool? requireSeen = null, Instant? notBefore = null, int? baseSequence = null, EventBatch? events = null, RunClose? close = null) => new()
    {
        Run = b.Run, Term = b.Term, Birth = b.Birth, Owned = b.Owned, BaseSequence = baseSequence ?? b.BaseSequence, Events = events ?? b.Events, Row = b.Row,
        Data = b.Data, Seen = seen ?? b.Seen, RequireSeen = requireSeen ?? b.RequireSeen, NotBefore = notBefore ?? b.NotBefore, Consumed = b.Consumed, NewTasks = b.NewTasks,
        EndedTasks = b.EndedTasks, CancelTasks = b.CancelTasks, SignalsTaken = b.SignalsTaken, Requests = b.Requests, Children = b.Children, Messages = b.Messages,
        Close = close ?? b.Close, Release = b.Release,
    };
}
