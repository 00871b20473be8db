using Perdure.Authoring;
using Perdure.Formats;
using Perdure.Runtime;
using Perdure.Storage;

namespace Perdure.Worker;

/// <content>A claimed or new run is read, and goes on, stays blocked, or ends.</content>
internal sealed partial class RunActor
{
    private readonly int _losses;
    private ParentLink? _unreadParent;
    private ClaimedRun? _claimed;
    private RunEnding? _endUnread;

    private void Load()
    {
        var (row, history, messages) = _claimed ?? ClaimOf(_birth!);
        _claimed = null;
        _seen = row.Inbox;
        var workflow = _session.Workflows.Find(row.Workflow, row.Version, row.Build);
        EventRecord[] events;
        RunMachine machine;
        try
        {
            events = EventCodec.ReadAll(history, out var checksum);
            if (events.Length == 0) throw new CorruptHistoryException(0, "it is missing");
            machine = new RunMachine(RunSeed.Of(row, events, workflow, IsNew), row.Input, workflow, _session.Kit) { Owner = this };
            machine.Attach(events, checksum, _session.Now);
        }
        catch (Exception e)
        {
            SetAside(history, messages, row.Options, e is CorruptHistoryException ? new Blocking(RunBlockedReason.CorruptHistory, e.Message) : Blocking.ByEngine(e));
            return;
        }
        (_machine, _confirmed) = (machine, events.Length);

        // A cancellation lets a run go on that stands still, and so does the end of its time.
        var mayPause = FindLast(messages, MessageKind.Cancel) is null && FindOrderToEnd(messages) is null
            && (machine.StoredLimit > _session.Now || FindLast(messages, MessageKind.Reopen) is not null);
        var acts = ActsOf(messages, machine.IsPaused, row.Status == RunStatus.Blocked, mayPause);
        // Recorded whatever becomes of the run now: who loads it next must know that it was reopened.
        machine.Record(acts);

        // An order to end is obeyed even when the code is unknown or the run is blocked.
        if (FindOrderToEnd(messages) is { } order)
        {
            // Signals keep their order: those that come while the end is being written are received behind these.
            machine.RememberMessages();
            if (_verdict is null) TakeSignals(machine, messages);
            TakeMessage(machine, order);
            return;
        }
        if (row.Status == RunStatus.Pending)
        {
            EndUntaken(machine, row, messages);
            return;
        }
        foreach (var message in messages)
            if (message.Kind == MessageKind.Terminate) Taken.Take(message.Position);
        if (row.Status == RunStatus.Blocked && acts.Count == 0)
        {
            // Still blocked: its other messages wait in the inbox.
            _blocked = new Blocking(default, "") { Stored = row.Waiting };
            return;
        }
        var isPaused = machine.IsPaused;
        if (isPaused && mayPause && _verdict is null)
        {
            _blocked = Blocking.Paused(row.Waiting, machine.StoredLimit);
            return;
        }
        if (_verdict is not null) throw new BlockException(_verdict.Reason, _verdict.Detail);
        if (acts.Count == 0 && row.Crashes > 0 && row.Crashes >= row.MaxCrashes)
            throw new BlockException(RunBlockedReason.CrashLoop,
                $"The run lost its worker {row.Crashes} times in a row (limit {row.MaxCrashes}). Find out what ends the process, then resume the run.");
        if (!ReplayRules.Knows(row.EngineSemantics))
            throw new BlockException(RunBlockedReason.EngineSemantics,
                $"The run was started under replay rules {row.EngineSemantics}; this build has 1 to {ReplayRules.Current}. Run it with a build that has them.");
        if (!_session.Workflows.Build.Drives(row.Build))
            throw new BlockException(RunBlockedReason.UnknownWorkflow,
                $"The run is pinned to the build \"{row.Build}\" of \"{row.Workflow}\" version {row.Version}, and no worker of it is alive. Start one, or one that names it in PerdureOptions.TakesOverBuilds; the run goes on then.");
        if (workflow is null)
            throw new BlockException(RunBlockedReason.UnknownWorkflow,
                $"No workflow \"{row.Workflow}\" version {row.Version} is registered in any worker that is alive. Start one that has it (AddWorkflow); the run goes on then.");

        // A run that was cancelled before anybody took it ends without its code being entered.
        var cancel = IsNew ? FindLast(messages, MessageKind.Cancel) : null;
        if (cancel is not null) TakeMessage(machine, cancel);
        if (isPaused)
        {
            machine.Record([new EventRecord { Kind = EventKind.RunResumed }]);
            // No body begins until the cancellation is taken that lifts the pause.
            machine.Pause();
        }
        if (machine.Ending is null) machine.Load([]);
        lock (_gate) _signalCount.Begin(row, messages);
        // What else has come meanwhile is not to set off anything that a recorded cancellation forbids.
        if (cancel is null && (cancel = FindLast(messages, MessageKind.Cancel)) is not null) TakeMessage(machine, cancel);
        foreach (var message in messages)
            if (message.Kind is not (MessageKind.Resume or MessageKind.Reopen or MessageKind.Pause or MessageKind.Terminate) && message != cancel) TakeMessage(machine, message);
        machine.FireDue(_session.Now);
        if (isPaused) machine.LiftPause(_session.Now);
    }

    private ClaimedRun ClaimOf(RunBirth birth) => new(Rows.Of(birth, _session.Worker), [birth.Events], []);

    private void TakeSignals(RunMachine machine, IReadOnlyList<InboxMessage> messages)
    {
        foreach (var message in messages)
            if (message.Kind is MessageKind.Signal or MessageKind.Answer) TakeMessage(machine, message);
    }

    /// <summary>
    /// What operators have ordered, as events: to stand still, to go on, to live once more. A run that is blocked stands still already.
    /// </summary>
    private List<EventRecord> ActsOf(IReadOnlyList<InboxMessage> messages, bool isPaused, bool isBlocked, bool mayPause)
    {
        List<EventRecord> acts = [];
        foreach (var message in messages)
        {
            if (message.Kind is not (MessageKind.Resume or MessageKind.Reopen or MessageKind.Pause)) continue;
            Taken.Take(message.Position);
            EventKind? act = message.Kind switch
            {
                MessageKind.Reopen => EventKind.RunReset,
                MessageKind.Resume when isPaused || isBlocked => EventKind.RunResumed,
                MessageKind.Pause when !isPaused && !isBlocked && mayPause => EventKind.RunPaused,
                _ => null,
            };
            if (act is not { } kind) continue;
            // What its end had left unread was asked of the life before.
            if (kind == EventKind.RunReset) acts.Clear();
            if (kind == EventKind.RunResumed && acts is [.., { Kind: EventKind.RunPaused }])
            {
                // It has not stood still in between.
                acts.RemoveAt(acts.Count - 1);
                isPaused = false;
                continue;
            }
            acts.Add(new EventRecord { Kind = kind, Note = message.Id, Data = kind == EventKind.RunPaused ? message.Payload : default });
            isPaused = kind == EventKind.RunPaused;
            // Resumed once is enough for what blocks it.
            isBlocked &= kind == EventKind.RunPaused;
        }
        return acts;
    }

    /// <summary>What is stored of the run cannot be read. It stays as it is; the row says what is wrong, until somebody orders the run's end.</summary>
    private void SetAside(IReadOnlyList<EventBatch> history, IReadOnlyList<InboxMessage> messages, ReadOnlyMemory<byte> options, Blocking blocking)
    {
        _confirmed = history.Count == 0 ? 0 : history[^1].End;
        _unreadParent = ParentOf(options);
        foreach (var message in messages)
            if (message.Kind is MessageKind.Resume or MessageKind.Reopen) Taken.Take(message.Position);
        if (FindOrderToEnd(messages) is { } order)
        {
            _endUnread = RunEnding.Terminated(order.Payload.IsEmpty ? null : RunJson.ReadCancel(order.Payload).Reason);
            return;
        }
        _blocked = blocking;
        _session.Log.RunBlocked(Id, blocking.Reason, blocking.Detail);
    }

    /// <summary>The end of a run that nobody can read: its event stands behind whatever is there.</summary>
    private RunClose CloseUnread(RunEnding ending, Instant now)
    {
        var writer = new ByteWriter();
        EventCodec.Write(writer, new EventRecord { Kind = ending.Event, Sequence = _confirmed, At = now, Losses = _losses, Data = ending.Data }, previousChecksum: 0);
        return new RunClose
        {
            Status = ending.Status, At = now, Failure = ending.Data, Event = new EventBatch(_confirmed, 1, writer.Detach()),
            Messages = _unreadParent is { } parent ? [new ChildEnd(parent.Operation, parent.Child, ending.Status, 1, ending.Data).ToMessage(parent.Key, _confirmed)] : [],
        };
    }

    private static ParentLink? ParentOf(ReadOnlyMemory<byte> options)
    {
        try
        {
            return RunSettings.Read(options).Parent;
        }
        catch (System.Text.Json.JsonException)
        {
            // Whatever it is the child of cannot be told any more.
            return null;
        }
    }

    /// <summary>The order to terminate this life of the run, if there is one: a reopening is the beginning of another.</summary>
    private static InboxMessage? FindOrderToEnd(IReadOnlyList<InboxMessage> messages) =>
        FindLast(messages, MessageKind.Terminate) is { } order && order.Position > (FindLast(messages, MessageKind.Reopen)?.Position ?? 0) ? order : null;

    private static InboxMessage? FindLast(IReadOnlyList<InboxMessage> messages, MessageKind kind)
    {
        for (var i = messages.Count - 1; i >= 0; i--)
            if (messages[i].Kind == kind) return messages[i];
        return null;
    }
}
