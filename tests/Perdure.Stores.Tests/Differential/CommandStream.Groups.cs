using Perdure.Storage;
using Perdure.Stores.Tests.Contract;

namespace Perdure.Stores.Tests.Differential;

/// <summary>What a worker's data lanes write.</summary>
internal sealed partial class CommandStream
{
    private static readonly RunStatus[] Statuses =
        [RunStatus.Running, RunStatus.Running, RunStatus.Suspended, RunStatus.Paused, RunStatus.Blocked];

    private async Task CommitAsync()
    {
        var worker = AnyWorker();
        var (bundles, flawed) = await BundlesAsync(worker);
        if (bundles.Count == 0) return;
        var stamp = worker.Stamp(_random.Next(1, Lanes + 1));
        // As after a failover that lost the lane's last group.
        if (Chance(4)) stamp = stamp with { Previous = Math.Max(0, stamp.Previous - 1) };
        var group = new RunGroup(stamp, bundles);
        // The worker gave up on the group and looked; then the group arrives.
        var late = Chance(4);
        if (late) Assert.False(await ResolveAsync(stamp));

        var (succeeded, outcome) = await TryAskAsync(
            $"commit {stamp}: {string.Join(", ", bundles.Select(Describe))}", target => target.CommitGroupAsync(group, Never));
        if (!succeeded)
        {
            coverage.Note("commit Data");
            return;
        }
        Fenced(worker, stamp, outcome!.Verdict == GroupVerdict.Fenced, outcome.Verdict == GroupVerdict.Refused);
        Note(outcome, late);
        // A live owner whose bundles are sound is never told that a run is not its own.
        if (!flawed) Assert.DoesNotContain(outcome.Refusals, refusal => refusal.Reason == RefusalReason.NotOwned);
        // Runs of the group may have got messages from each other, which is told to those who look later.
        if (Chance(20) && !bundles.Exists(bundle => bundle.Messages.Count > 0 || bundle.Close is { Messages.Count: > 0 })) await RecallAsync(group, outcome);
        if (outcome.Verdict != GroupVerdict.Committed) return;

        _writer = worker.Key;
        for (var i = 0; i < bundles.Count; i++) Committed(worker, bundles[i], outcome.Bundles[i]);
        await FollowAsync(bundles);
    }

    /// <summary>Keeps account of what followed from a group: who was born, and how many messages have come to whom.</summary>
    private async Task FollowAsync(List<RunBundle> bundles)
    {
        foreach (var (parent, child) in bundles.SelectMany(bundle => bundle.Children.Select(child => (bundle.Run, child))))
        {
            var isBorn = await model.ReadRunAsync(new(Key: child.Birth.Key), Never) is not null;
            coverage.Note(isBorn ? "child born" : "child taken");
            if (!isBorn) continue;
            _runs.Add(child.Birth.Id, (child.Birth.Key, new RunFacts { IsChild = true }));
            FactsOf(parent).Parented.Add(child.Birth.Key);
        }
        foreach (var bundle in bundles)
        {
            if (bundle.Close is not { Successor: { } successor } || await model.ReadRunAsync(new(Key: successor.Key), Never) is null) continue;
            coverage.Note("successor born");
            _runs.Add(successor.Id, (successor.Key, new RunFacts { IsChild = FactsOf(bundle.Run).IsChild, Parented = FactsOf(bundle.Run).Parented }));
        }
        if (!bundles.Exists(bundle => bundle.Children.Count > 0 || bundle.Messages.Count > 0 || bundle.Close is { Messages.Count: > 0 })) return;
        foreach (var (id, (_, facts)) in _runs)
        {
            var arrived = (await model.ReadRunAsync(new(Id: id), Never))!.Inbox;
            coverage.Note("message from a run", arrived > facts.Arrived);
            facts.Arrived = arrived;
        }
    }

    private async Task RecallAsync(RunGroup group, GroupOutcome outcome)
    {
        var committed = await ResolveAsync(group.Stamp);
        Assert.Equal(outcome.Verdict == GroupVerdict.Committed, committed);
        if (!committed) return;
        var recalled = await AskAsync($"recall {group.Stamp}", target => target.RecallGroupAsync(group, Never));
        for (var i = 0; i < group.Bundles.Count; i++)
        {
            // Since a birth was first sent, its key may have become free: only what was asked right at its creation is recalled as it was told.
            if (group.Bundles[i].Birth is not { StartKey: not null } birth || birth.CreatedAt == Now) Assert.Equal(WithoutStatus(outcome.Bundles[i]), WithoutStatus(recalled.Bundles[i]));
        }
        coverage.Note("group recalled");

        // The rest of the bundle may have changed the status that its birth was answered with.
        static string WithoutStatus(BundleOutcome bundle) => Normal.Bundle(bundle with { Birth = bundle.Birth with { Status = null } });
    }

    private async Task<(List<RunBundle> Bundles, bool Flawed)> BundlesAsync(StreamWorker worker)
    {
        var (bundles, flawed) = (new List<RunBundle>(), !_fence.IsAlive(worker.Key));
        // Births stand first, as a store that looks up their keys in a statement of its own would treat them.
        if (_runs.Count < MostRuns && Chance(25))
        {
            var owned = Chance(50);
            var birth = await BirthAsync(mayLose: !owned);
            bundles.Add(owned ? OwnedBirth(worker, birth) : new() { Run = birth.Key, Birth = birth });
        }
        foreach (var run in Some(worker.Runs.Values, 4))
        {
            if (bundles.Exists(bundle => bundle.Run == run.Key)) continue;
            var bundle = Chance(10) ? FlawedBundle(worker, run, ref flawed) : Bundle(worker, run);
            bundles.Add(Chance(25) ? await WithSequelAsync(bundle) : bundle);
        }
        return (bundles, flawed);
    }

    /// <summary>The bundle with a child, or with messages to other runs.</summary>
    private async Task<RunBundle> WithSequelAsync(RunBundle bundle)
    {
        var parent = IdOf(bundle.Run);
        var children = new List<ChildBirth>();
        if (parent is not null && _runs.Count < MostRuns && Chance(40))
        {
            var birth = await BirthAsync(mayLose: true, isNew: true);
            children.Add(new()
            {
                Birth = birth, Parent = new(parent, Pick("top", parent)), IfTaken = Make.Message(bundle.Run, $"taken {birth.Key}", MessageKind.ChildEnd),
            });
        }
        OutgoingMessage Outgoing()
        {
            var kind = Pick(MessageKind.Signal, MessageKind.Cancel, MessageKind.ChildEnd);
            var message = Address(Make.Message(0, $"{kind} {_random.Next(12)}", kind));
            return message.RunId is not null && Chance(50) ? message with { ToChild = true } : message;
        }
        return new()
        {
            Run = bundle.Run, Term = bundle.Term, BaseSequence = bundle.BaseSequence, Events = bundle.Events, Row = bundle.Row, Seen = bundle.Seen, RequireSeen = bundle.RequireSeen,
            NotBefore = bundle.NotBefore, Consumed = bundle.Consumed, NewTasks = bundle.NewTasks, EndedTasks = bundle.EndedTasks, CancelTasks = bundle.CancelTasks, Release = bundle.Release,
            Children = children, Messages = Chance(60) ? [Outgoing(), Outgoing()] : [],
            Close = bundle.Close is null ? null : await WithSuccessorAsync(bundle.Close with { Messages = Chance(50) ? [Outgoing()] : [] }),
        };
    }

    private async Task<RunClose> WithSuccessorAsync(RunClose close)
    {
        if (_runs.Count >= MostRuns || Chance(50)) return close;
        return close with { Status = RunStatus.ContinuedAsNew, Result = Make.Bytes("1"), Failure = default, Successor = await BirthAsync(mayLose: false) };
    }

    private string? IdOf(long run)
    {
        foreach (var (id, (key, _)) in _runs)
        {
            if (key == run) return id;
        }
        return null;
    }

    private RunBundle OwnedBirth(StreamWorker worker, RunBirth birth) => new()
    {
        Run = birth.Key, Term = 1, Birth = birth, Owned = true, BaseSequence = 1,
        Events = Chance(50) ? Make.Events(1, 2, $"w{worker.Key}.") : default,
        Row = Chance(50) ? Row(RunStatus.Suspended) : null, Release = Chance(20), NewTasks = Chance(30) ? [Activity(1)] : [],
    };

    private RunBundle Bundle(StreamWorker worker, StreamRun run)
    {
        var events = Make.Events(run.Next, _random.Next(1, 4), $"w{worker.Key}.");
        // Children that live short lives end before their parents.
        if (run.Facts.IsChild && Chance(60)) return Whole(worker, run, events, close: true);
        switch (_random.Next(10))
        {
            case < 4:
                return new() { Run = run.Key, Term = run.Term, BaseSequence = run.Next, Events = events };
            case 4 or 5:
                return Whole(worker, run, events, close: true);
            case 6:
                return Whole(worker, run, events, release: true);
            case 7:
                // A direct message, or the end of a timer, which may be too early and then is refused by right.
                var direct = Chance(50);
                return new()
                {
                    Run = run.Key, Term = run.Term, BaseSequence = run.Next, Events = events, Seen = run.Seen,
                    RequireSeen = direct, NotBefore = direct ? Instant.Earliest : Chance(70) ? Now : Soon(),
                };
            default:
                return Whole(worker, run, events);
        }
    }

    private RunBundle Whole(StreamWorker worker, StreamRun run, EventBatch events, bool close = false, bool release = false)
    {
        if (Chance(20)) events = default;
        var ended = Some(worker.Tasks.Where(task => task.Run == run.Key), 1);
        var consumed = Some(run.Unread, 3);
        var tasks = new List<NewTask>();
        for (var i = 0; !close && i < _random.Next(3); i++) tasks.Add(Activity(run.Facts.NextOperation + i));
        // An operation that failed gets its next attempt.
        if (!close && ended is [var failed] && Chance(50)) tasks.Add(Activity(failed.Operation));
        // What ends or begins in the same bundle is not cancelled by it.
        HashSet<int> settled =
            [.. ended.Select(task => task.Operation), .. consumed.Select(OperationOf), .. tasks.Select(task => task.Operation)];
        var cancelled = close ? [] : Some(run.Facts.Open.Where(operation => !settled.Contains(operation)), 2);
        return new()
        {
            Run = run.Key, Term = run.Term, BaseSequence = run.Next, Seen = run.Seen, Release = release,
            Events = events,
            Row = release || Chance(70) ? Row(Pick(Statuses)) : null,
            Data = Maybe(20, Chance(20) ? "" : $"{{\"d\":{_random.Next(9)}}}"),
            Requests = Chance(60) ? Requests(run) : null,
            // What is left of them, or came directly, waits in the run.
            SignalsTaken = consumed.Count(static message => message.Kind == MessageKind.Signal) - (Chance(30) ? PerdureDefaults.MaxPendingSignals - _random.Next(3) : 0),
            Consumed = [.. consumed.Select(message => message.Position)], EndedTasks = ended, NewTasks = tasks, CancelTasks = cancelled,
            Close = close ? Close(events.Count > 0 ? events.End : run.Next) : null,
        };
    }

    /// <summary>Few operations and numbers, so that requests take each other's place and are opened again.</summary>
    private RequestChanges Requests(StreamRun run)
    {
        return new()
        {
            Withdrawn = Some([1, 2, 3], 1), Expiring = Some([1, 2, 3], 2),
            Opened = Some([1, 2, 3], 2).ConvertAll(operation => new NewRequest
            {
                Operation = operation, Number = _random.Next(1, 3), Kind = Pick(RequestKind.Hook, RequestKind.Input), Name = Pick("a", "b"), MaxAnswers = _random.Next(1, 3),
                ExpiresAt = Chance(50) ? Soon(20) : Instant.Never, Assignee = Chance(30) ? "ann" : null, Description = Make.Bytes("{}"),
                TokenHash = Chance(30) ? Make.Bytes($"{run.Key}/{operation}/{_trace.Count}") : default,
            }),
        };
    }

    /// <summary>A bundle of an owner that is wrong about its run.</summary>
    private RunBundle FlawedBundle(StreamWorker worker, StreamRun run, ref bool flawed)
    {
        var flaw = _random.Next(6);
        // A taken place, a wrong term, a wrong base; then an unread message, two tasks for one operation (no store can take that), a stale
        // task.
        flawed |= flaw < 3;
        var (next, events) = (run.Next, Make.Events(run.Next, mark: $"w{worker.Key}."));
        var (term, seen, row, taken) = (run.Term, run.Seen, Row(RunStatus.Running), Make.Events(flaw == 0 ? 0 : next - 1, mark: "flaw"));
        return flaw switch
        {
            0 => new() { Run = run.Key, Term = term, BaseSequence = 0, Events = taken },
            1 => new() { Run = run.Key, Term = term + 1, BaseSequence = next, Seen = seen, Row = row, Release = Chance(50) },
            2 => new() { Run = run.Key, Term = term, BaseSequence = next - 1, Seen = seen, Events = taken, Row = row },
            3 => new() { Run = run.Key, Term = term, BaseSequence = next, Seen = seen - 1, Events = events, RequireSeen = true },
            4 => new() { Run = run.Key, Term = term, BaseSequence = next, Seen = seen, NewTasks = [Activity(7), Activity(7)], Row = row },
            _ => new()
            {
                Run = run.Key, Term = term, BaseSequence = next, Seen = seen, Events = events,
                EndedTasks = [new(run.Key, _random.Next(1, 4), _random.Next(4))],
            },
        };
    }

    private RunClose Close(int sequence)
    {
        var status = Pick(RunStatus.Completed, RunStatus.Completed, RunStatus.Failed, RunStatus.Cancelled, RunStatus.TimedOut, RunStatus.Terminated);
        return new()
        {
            Status = status, Event = Make.Events(sequence, mark: "end"), At = Now, KeepQueued = Chance(40),
            Result = status == RunStatus.Completed ? Make.Bytes("1") : default,
            Failure = status == RunStatus.Completed ? default : Make.Bytes("{}"),
            Published = Maybe(30, "{\"end\":1}"),
        };
    }

    private RunRowUpdate Row(RunStatus status) => new()
    {
        Status = status, Phase = Chance(10) ? RunPhase.Cancelling : RunPhase.Normal,
        DueAt = Chance(40) ? Now : Chance(60) ? Soon() : Instant.Never,
        Waiting = Maybe(50, $"[{_random.Next(9)}]"),
        Published = Maybe(30, $"{{\"p\":{_random.Next(9)}}}"),
        ClearCrashes = Chance(5),
    };

    // A conditional expression with null would make empty bytes of it, by way of the conversion from arrays.
    private ReadOnlyMemory<byte>? Maybe(int percent, string text)
    {
        if (!Chance(percent)) return null;
        return Make.Bytes(text);
    }

    private NewTask Activity(int operation) => Make.Task(
        operation, queue: Pick("t1", "t2"), priority: _random.Next(2), due: Chance(70) ? Now : Soon(4),
        startDeadline: Chance(30) ? Soon() : null,
        closeDeadline: Chance(20) ? Soon(20) : null, used: _random.Next(3), claimed: Chance(40),
        tokensUsed: Chance(50) ? 0 : _random.Next(3) * 100L) with { ConcurrencyKey = Chance(50) ? Pick("c1", "c2") : null };

    private static int OperationOf(InboxMessage message) =>
        message.Kind == MessageKind.TaskResult ? int.Parse(message.Id.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture) : 0;
}
