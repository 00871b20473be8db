using System.Text.Json;
using Perdure.Formats;
using Perdure.Journal;
using Perdure.Runtime;
using Perdure.Storage;

namespace Perdure.Worker;

/// <content>Drafts become bundles; what the outside may see of them is let out when they are durable.</content>
internal sealed partial class RunActor
{
    private const int DeferredBacklog = PerdureDefaults.DeferredBacklog;

    /// <summary>A task may be claimed a million times before its tokens reach those of the next task of its operation.</summary>
    private const int TokenBits = 20;

    private static readonly List<RunningTask> NoTasks = [];

    private readonly int _term;
    private int _crashes;
    private List<BodyOperation>? _heldBodies;
    private RunBirth? _birth;
    private TaskCompletionSource<BirthOutcome>? _birthAnswer;
    private InFlight? _inFlight;
    private RunStatus _storedStatus;
    private RunPhase _storedPhase;
    private Instant _storedDue;
    private SignalCount _signalCount;
    private int _confirmed;
    private bool _wantsRelease;
    private bool _sendsAgain;

    /// <summary>Whether the inbox is being read because a commit has shown that it holds something new: before that is known the run neither ends nor leaves.</summary>
    private bool _readsInbox;

    /// <summary>Whether a close or a release is on its way: until its fate is known no turn is taken.</summary>
    private bool IsFrozen => _inFlight is { IsSoft: true };

    private bool HasMoreToWrite
    {
        get
        {
            if (_inFlight is not null) return false;
            if (_birth is not null) return true;
            if (_blocked is not null || _endUnread is not null) return !_readsInbox;
            if (_wantsRelease && !_readsInbox) return true;
            if (_machine is not { } machine) return false;
            if (_intake is not null) return true;
            if (machine.Ending is not null || machine.IsSpent) return !_readsInbox;
            var draft = machine.Draft;
            // Outcomes of Deferred steps ride with the run's next commit, as long as there is one to come.
            if (draft is { Count: > 0 and < DeferredBacklog, IsDeferrable: true, Bodies.IsEmpty: true } && machine.HasBodies) return false;
            return !draft.IsEmpty || StatusNow(machine) != _storedStatus;
        }
    }

    RunBundle? IBundleSource.Take()
    {
        lock (_gate)
        {
            _enqueued = false;
            if (_sendsAgain && !_gone)
            {
                _sendsAgain = false;
                return _inFlight!.Bundle;
            }
            if (_gone || _busy || _inFlight is not null || !HasMoreToWrite || !HasKeys()) return null;
            return Build();
        }
    }

    /// <summary>Under the lock, when nobody is at the mailbox.</summary>
    private void EnqueueIfNeeded()
    {
        BeginEarlyBodies();
        if (_gone || _enqueued || !HasMoreToWrite) return;
        _enqueued = true;
        _session.Lane.Enqueue(this);
    }

    private RunBundle Build()
    {
        var birth = _birth;
        if (birth is not null && _machine is null)
        {
            // Its key may be taken: nothing runs ahead of the answer.
            var alone = new RunBundle { Run = Key, Term = _term, Birth = birth, Owned = true, BaseSequence = birth.Events.Count };
            _inFlight = new InFlight(alone);
            return alone;
        }
        var machine = _machine;
        var draft = machine?.TakeDraft() ?? new RunDraft(_confirmed);
        var now = _session.Now;
        var (status, due, waiting) = Describe(machine, now);
        var closing = _endUnread is not null || _blocked is null && machine?.Ending is not null;
        // The answer says which activities are withdrawn, and that becomes events: until then the run has work.
        var withdraws = (draft.CancelTasks.Count > 0 || draft.Requests is { HasExpiring: true } || _expiredBehindMessages is not null) && _blocked is null && machine is not { IsSpent: true };
        if (withdraws) due = now;
        var release = !closing && !withdraws && (_blocked is not null || machine is null || machine.IsSpent || status == RunStatus.Suspended && MayRelease(machine, now));
        var signalsTaken = _signalCount.Taken(machine, _intake);
        // What blocks a run stays visible in its row until it goes on.
        var clearCrashes = _crashes > 0 && draft.Count > 0 && _blocked is null;
        var needsRow = !closing && (release || status != _storedStatus || due != _storedDue || (machine?.Phase ?? _storedPhase) != _storedPhase
            || draft.PublishedChanged || draft.DataChanged || clearCrashes || _intake is not null || signalsTaken != 0 && status == RunStatus.Suspended);
        if (needsRow || closing) _signalCount.Told(machine);
        else signalsTaken = 0;
        var published = draft.PublishedChanged ? PublishedJson(machine!) : null;
        var events = draft.DetachEvents();
        var close = !closing ? null : _endUnread is not null ? CloseUnread(_endUnread, now) : BuildClose(machine!, now) with { Published = published };
        List<RunningTask>? reserved = null;
        var notBefore = draft.NotBefore;
        // The end of a run withdraws what is queued. So that nobody takes it before an end that has to wait for unread messages, it is not queued at all.
        IReadOnlyList<NewTask> tasks = draft.Tasks.IsEmpty || close is { KeepQueued: false } ? Array.Empty<NewTask>() : NewTasks(draft, now, closing, reserved = [], ref notBefore);
        var bundle = new RunBundle
        {
            Run = Key,
            Term = _term,
            Birth = birth,
            Owned = birth is not null,
            BaseSequence = birth is null ? _confirmed : birth.Events.Count,
            Events = events,
            Row = !needsRow ? null : new RunRowUpdate
            {
                Status = status, Phase = machine?.Phase ?? _storedPhase, DueAt = due, Waiting = waiting, Published = published, ClearCrashes = clearCrashes,
            },
            Seen = _seen,
            // Signals keep their order; the result of a task has none among messages.
            RequireSeen = _intake is { HasSignals: true },
            NotBefore = notBefore,
            Consumed = _intake?.Messages ?? [],
            SignalsTaken = signalsTaken,
            Children = Children(draft),
            Messages = draft.Messages,
            // The end of a run withdraws its requests, also those that only its history knows of.
            Requests = draft.Requests?.ToChanges() ?? (closing && machine is not { HasRequests: false } ? new RequestChanges() : null),
            NewTasks = tasks,
            EndedTasks = _intake?.EndedTasks ?? [],
            CancelTasks = draft.CancelTasks,
            Close = close,
            Release = release,
            Data = DataOf(machine, draft),
        };
        _keys = null;
        _inFlight = new InFlight(bundle) { Draft = draft, Intake = _intake, Tasks = reserved ?? NoTasks };
        _intake = null;
        _wantsRelease = false;
        return bundle;
    }

    private (RunStatus Status, Instant Due, ReadOnlyMemory<byte>? Waiting) Describe(RunMachine? machine, Instant now)
    {
        if (_blocked is { } blocked)
            return (blocked.IsPause ? RunStatus.Paused : RunStatus.Blocked, blocked.IsCalled ? now : blocked.Due, blocked.Waiting);
        if (machine is null) return (_storedStatus, _storedDue, null);
        if (machine.HasBodies) return (RunStatus.Running, _storedDue <= now ? _storedDue : now, null);
        var due = machine.NextDue;
        return (RunStatus.Suspended, due == Instant.Earliest ? now : due, RunJson.Write(machine.DescribeWaits()));
    }

    private static RunStatus StatusNow(RunMachine machine) => machine.HasBodies ? RunStatus.Running : RunStatus.Suspended;

    /// <summary>A run is given back at once if it sleeps for long; one that waits for somebody stays for a while.</summary>
    private bool MayRelease(RunMachine machine, Instant now)
    {
        lock (_gate)
            if (!_running.IsEmpty || _heldBodies is not null || _mail is { Count: > 0 }) return false;
        // Others wait for its slot.
        if (_wantsRelease || _holdsSlot) return true;
        return machine.IsOnlySleeping && machine.NextDue > now.Add(_session.Settings.KeepWarm);
    }

    private List<NewTask> NewTasks(RunDraft draft, Instant now, bool closing, List<RunningTask> reserved, ref Instant notBefore)
    {
        var tasks = new List<NewTask>(draft.Tasks.Length);
        foreach (var wish in draft.Tasks)
        {
            var settings = wish.Activity.Settings;
            var task = new NewTask
            {
                Operation = wish.Activity.Number,
                Activity = wish.Activity.Name,
                Queue = _session.Settings.OnlyQueue ?? settings.Queue,
                Priority = settings.Priority,
                ConcurrencyKey = settings.ConcurrencyKey,
                DueAt = wish.Due,
                StartDeadline = settings.ScheduleToStart is { } limit ? Instant.Max(wish.Due, now).Add(limit) : Instant.Never,
                CloseDeadline = wish.Activity.CloseDeadline,
                AttemptsUsed = wish.AttemptsUsed,
                // A later task of the operation, in this life of the run or the next, stands behind more events.
                TokensUsed = (long)(draft.FirstSequence + draft.Count) << TokenBits,
                Input = wish.Activity.Input,
                Options = TaskOptions.From(wish.Activity, _machine!.Seed.MaxCrashes).Write(),
                Details = wish.Details,
            };
            tasks.Add(closing || draft.CancelTasks.Contains(task.Operation) ? task : Placed(task, now, reserved));
            // That a retry is due is this process's idea of the store's clock, as with a timer, and the store has the last word.
            if (tasks[^1].Claimed && wish.AttemptsUsed > 0) notBefore = Instant.Max(notBefore, wish.Due);
        }
        return tasks;
    }

    /// <summary>
    /// Decides who runs a new task: this process at once, any that takes it from its queue, or nobody. One that is cancelled at once, or whose run ends here, is not
    /// asked about: it stays in its queue, or the same transaction removes it.
    /// </summary>
    private NewTask Placed(NewTask task, Instant now, List<RunningTask> reserved)
    {
        if (_session.Activities.RefusalOf(this, task) is { } refusal) return task with { IfUnknown = refusal };
        if (task.DueAt > now || _session.Activities.TryReserve(this, task) is not { } running) return task;
        reserved.Add(running);
        return task with { Claimed = true };
    }

    void IBundleSource.Committed(in BundleOutcome outcome, Instant now)
    {
        InFlight flight;
        lock (_gate)
        {
            if (_inFlight is null || _gone) return;
            flight = _inFlight;
            var bundle = flight.Bundle;
            if (bundle.Birth is not null && outcome.Birth.Verdict == BirthVerdict.Created) _confirmed = bundle.Birth.Events.Count;
            _confirmed += bundle.Events.Count;
            if (bundle.Row is { } row)
            {
                (_storedStatus, _storedPhase, _storedDue) = (row.Status, row.Phase, outcome.Inbox > bundle.Seen ? now : row.DueAt);
                if (row.ClearCrashes) _crashes = 0;
            }
            if (bundle.Close?.Published is not null && !outcome.Closed) _machine!.Draft.PublishedChanged = true;
            _readsInbox |= outcome.Inbox > bundle.Seen;
            _inFlight = null;
        }
        _session.News.Tell(Id);
        if (flight.Bundle.Row is { ClearCrashes: true }) _session.Unsuspect(this);
        if (flight.Bundle.Birth is not null && !Born(outcome.Birth)) return;
        flight.Intake?.Confirm();
        if (flight.Intake is { FreesSlots: true } || _holdsSlot && (outcome.Closed || outcome.Released)) _session.SlotsFreed();
        for (var i = 0; i < flight.Tasks.Count; i++) _session.Activities.Begin(flight.Tasks[i]);
        if (flight.Draft is not null) foreach (var body in flight.Draft.CancelBodies) CancelBody(body);
        if (flight.Bundle.NewTasks.Count > flight.Tasks.Count) _session.NoticeTasks();
        if (flight.Bundle.Children.Count > 0) _session.NoticeRuns();
        if (flight.Bundle.Messages.Count > 0) _session.NoticeMessages(flight.Bundle.Messages);
        if (outcome.Closed)
        {
            // In this order: whoever begins to watch and still finds the run here must be told.
            Leave();
            _session.Endings.Publish(Id, flight.Bundle.Close!);
            _session.NoticeMessages(flight.Bundle.Close!.Messages);
            if (flight.Bundle.Close.Successor is not null) _session.NoticeRuns();
            return;
        }
        if (outcome.Released)
        {
            Leave();
            _session.NoticeDue(flight.Bundle.Row!.DueAt);
            return;
        }
        if (outcome.CancelledTasks is { } cancelled)
            foreach (var operation in cancelled)
                lock (_gate) Put(new RunMail(RunMailKind.TaskCancelled, Number: operation));
        if (outcome.ExpiredRequests is { } expired) TakeExpired(expired, outcome.Inbox, hasUnread: outcome.Inbox > flight.Bundle.Seen);
        if (flight.Draft is not null) Begin(flight.Draft.Bodies, now, hold: outcome.Inbox > flight.Bundle.Seen);
        if (outcome.Inbox > flight.Bundle.Seen) _session.ReadInbox(Key);
        lock (_gate)
        {
            if (flight.Bundle.Row is { Status: RunStatus.Suspended }) Rest();
            else if (flight.Draft is { } written) _machine?.GiveBack(written);
            if (!_busy && _mail is null or { Count: 0 })
            {
                EnqueueIfNeeded();
                return;
            }
        }
        Schedule();
    }

    /// <summary>A run that waits may do so for long: what it makes anew as easily is let go.</summary>
    private void Rest()
    {
        if (_mail is { Count: 0 }) _mail = null;
        if (!_busy) _machine?.Rest();
    }

    void IBundleSource.Refused(RefusalReason reason)
    {
        if (reason == RefusalReason.TooEarly)
        {
            SendAgain();
            return;
        }
        if (reason == RefusalReason.QueueHeld && TryQueue()) return;
        DropReservations();
        var birth = _birthAnswer;
        Leave();
        // A birth that was refused was not written; its starter tries the way of rows.
        if (birth is not null) birth.TrySetException(new WorkerFencedException());
        else _session.Reload(Key, _term, verdict: null);
    }

    /// <summary>A timer fired before its time by the store's clock. Nothing else is wrong with the bundle, and bodies may be running: it is sent again when its time has come.</summary>
    private void SendAgain()
    {
        lock (_gate)
        {
            if (_gone || _inFlight is null) return;
            _sendsAgain = true;
            _session.Timers.Set(this, _inFlight.Bundle.NotBefore);
        }
    }

    void IBundleSource.Poisoned(StoreException reason)
    {
        DropReservations();
        // A store that was restored from a backup hands out keys that are taken.
        if (_inFlight is { Bundle: { Children.Count: > 0 } or { Close.Successor: not null } }) _session.Keys.Discard();
        var birth = _birthAnswer;
        Leave();
        if (birth is not null) birth.TrySetException(reason);
        else _session.Reload(Key, _term, new Blocking(RunBlockedReason.StoreRefused, reason.Message));
    }

    void IBundleSource.Failed(Exception reason)
    {
        _session.Log.TurnFailed(Id, reason);
        var (birth, isHopeless) = (_birthAnswer, _verdict is not null);
        Leave();
        // Even that it is blocked cannot be written: then this worker is of no use to it.
        if (isHopeless) _session.Surrender($"run {Id}", reason);
        else if (birth is not null) birth.TrySetException(new WorkerFencedException());
        else _session.Reload(Key, _term, Blocking.ByEngine(reason));
    }

    void IBundleSource.Fenced()
    {
        DropReservations();
        _birthAnswer?.TrySetException(new WorkerFencedException());
        Leave();
    }

    /// <summary>Tells the starter what became of the birth. False: another run holds its key, and this one never existed.</summary>
    private bool Born(in BirthOutcome outcome)
    {
        var answer = _birthAnswer;
        var created = outcome.Verdict == BirthVerdict.Created;
        if (created && _machine is null) lock (_gate)
        {
            _claimed = ClaimOf(_birth!);
            Put(new RunMail(RunMailKind.Load));
        }
        (_birth, _birthAnswer) = (null, null);
        if (!created) Leave();
        answer?.TrySetResult(outcome);
        return created;
    }

    private void Begin(ReadOnlySpan<BodyOperation> bodies, Instant now, bool hold)
    {
        if (bodies.IsEmpty) return;
        lock (_gate)
        {
            if (hold || _heldBodies is not null)
            {
                // There are unread messages; one of them may be a cancellation.
                (_heldBodies ??= []).AddRange(bodies);
                return;
            }
        }
        foreach (var body in bodies) BeginBody(body, now);
    }

    private void ReleaseHeldBodies()
    {
        List<BodyOperation>? held;
        lock (_gate) (held, _heldBodies) = (_heldBodies, null);
        if (held is null) return;
        foreach (var body in held) BeginBody(body, LastActive);
    }

    private void BeginBody(BodyOperation operation, Instant now)
    {
        var body = new RunningBody(this, operation, operation.CurrentAttempt, now);
        if (operation.CancelAsked) body.Cancel();
        lock (_gate)
        {
            if (_gone) return;
            _running.Add(body);
        }
        _session.Bodies.Begin(body);
    }

    /// <summary>Lets bodies begin that need not wait for a commit.</summary>
    private void BeginEarlyBodies()
    {
        if (_inFlight is not null || _birth is not null || _machine is not { } machine || _blocked is not null || _heldBodies is not null) return;
        var draft = machine.Draft;
        if (draft.Bodies.IsEmpty || _intake is not null || !HasNothingToWrite(machine) && !MayRunAhead(machine)) return;
        var bodies = draft.Bodies.ToArray();
        draft.DropBodies();
        foreach (var body in bodies) BeginBody(body, LastActive);
    }

    /// <summary>Whether everything that the code has seen is durable, and so is that the run runs: as after a claim, whose row says both.</summary>
    private bool HasNothingToWrite(RunMachine machine) =>
        machine.Draft is { Count: 0, Tasks.IsEmpty: true, CancelTasks.Count: 0, CancelBodies.IsEmpty: true, PublishedChanged: false, DataChanged: false, Messages.Count: 0, Requests: null } draft && draft.NotBefore == Instant.Earliest
        && machine.Ending is null && !machine.IsSpent
        && _storedStatus == RunStatus.Running && _storedPhase == machine.Phase && _storedDue <= _session.Now;

    /// <summary>
    /// A Deferred body may begin although outcomes before it are not durable, if all of those are Deferred as well and the code waits for nothing else: then the
    /// next life of the run asks for it under the same number, and so with the same key.
    /// </summary>
    private static bool MayRunAhead(RunMachine machine)
    {
        var draft = machine.Draft;
        if (machine.OpenCount != draft.Bodies.Length || draft is not { IsDeferrable: true, Count: > 0 and < DeferredBacklog }) return false;
        foreach (var wanted in draft.Bodies)
            if (!wanted.Deferred) return false;
        return true;
    }

    private void CancelBody(BodyOperation operation)
    {
        RunningBody? body;
        lock (_gate) body = _running.Find(operation.Number);
        body?.Cancel();
    }

    private void DropReservations()
    {
        lock (_gate)
            if (_inFlight is not null)
                foreach (var task in _inFlight.Tasks) _session.Activities.Cancel(task);
    }

    // A conditional expression with null would make empty bytes of it, by way of the conversion from arrays.
    private static ReadOnlyMemory<byte>? DataOf(RunMachine? machine, RunDraft draft)
    {
        if (!draft.DataChanged) return null;
        return machine!.DataJson;
    }

    private static ReadOnlyMemory<byte>? PublishedJson(RunMachine machine)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var (name, value) in machine.Published!)
            {
                writer.WritePropertyName(name);
                writer.WriteRawValue(value.Span);
            }
            writer.WriteEndObject();
        }
        return buffer.WrittenMemory;
    }

    /// <summary>A bundle on its way, with all that happens when it is durable.</summary>
    private sealed class InFlight(RunBundle bundle)
    {
        public RunBundle Bundle { get; } = bundle;
        public bool IsSoft => Bundle.Close is not null || Bundle.Release;
        /// <summary>The draft that the bundle was made of; null for a birth that is alone.</summary>
        public RunDraft? Draft { get; init; }
        public Intake? Intake { get; init; }
        public List<RunningTask> Tasks { get; init; } = NoTasks;
    }
}
