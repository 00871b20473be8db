using System.Text.Json;
using Perdure.Formats;
using Perdure.Journal;
using Perdure.Runtime;
using Perdure.Storage;

namespace Perdure.Worker;

/// <content>Drafts become bundles.</content>
internal sealed partial class RunActor
{
    private const int DeferredBacklog = PerdureDefaults.DeferredBacklog;

    /// <summary>A task may be claimed a million times before its tokens reach those of the next task of its operation.</summary>
    private const int TokenBits = 20;

    private static readonly List<RunningTask> NoTasks = [];

    private readonly int _term;
    private int _crashes;
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
            RequireSeen = _intake is { HasSignals: true } || draft.HeedsUnread,
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
        if (_wantsRelease || IsMissedElsewhere) return true;
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
