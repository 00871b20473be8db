using Perdure.Authoring;
using Perdure.Formats;
using Perdure.Storage;

namespace Perdure.Runtime;

/// <summary>
/// One run: its code, its operations and its events. A function of input and ordered events, live and on replay by the same path: every change is an
/// event that is applied in a turn, and a turn lets the code run until it is blocked again.
/// </summary>
/// <remarks>
/// No I/O, no clock, no threads of its own: its owner gives it what happened, and takes from <see cref="TakeDraft"/> what is to be written. Not thread safe:
/// one turn at a time. The parts: this file takes what happens from outside; <c>.Replay</c> loads; <c>.Apply</c> applies events; <c>.Issue</c> takes what the code asks for.
/// </remarks>
internal sealed partial class RunMachine
{
    private readonly RunSeed _seed;
    private readonly WorkflowDescriptor? _workflow;
    private readonly RuntimeKit _kit;
    private readonly Pump _pump;
    private readonly RunContext _context;
    private readonly OpenOperations _open = new();
    private readonly TimerSet _timers = new();
    private readonly SignalBuffer _signals = new();
    private readonly List<BodyOperation> _wanting = [];

    private RunDraft _draft = new(0);
    private Task<ReadOnlyMemory<byte>>? _main;
    private HashSet<string>? _messageIds;
    private SortedDictionary<string, ReadOnlyMemory<byte>>? _published;
    private CancelRequest? _cancel;
    private Instant _cancelledAt;
    private Instant _deadline;
    private Instant _now;
    private Instant _lastAt;
    private Instant _turnTime;
    private Instant _attemptDue = Instant.Never;
    private Instant? _retryDue;
    private int _turnLosses;
    private int _blocks;
    private int _operations;
    private int _next;
    private int _attempt;
    private int _failedAttempts;
    private uint _checksum;
    private bool _foreign;
    private bool _loading;
    private bool _spent;

    public RunMachine(RunSeed seed, WorkflowDescriptor? workflow, RuntimeKit kit)
    {
        _seed = seed;
        _workflow = workflow;
        _kit = kit;
        _deadline = seed.Deadline;
        _pump = new Pump(OnForeignPost);
        _context = new RunContext(this, seed, kit);
    }

    /// <summary>Raised from any thread when something that is not durable came back; the owner must call <see cref="CheckForeign"/> in a turn.</summary>
    public Action? ForeignPost { get; set; }

    /// <summary>Whether code runs over recorded events. What it does behind the last of them it does for the first time.</summary>
    public bool IsReplaying
    {
        get
        {
            if (!_loading) return false;
            for (var i = _cursor; i < _recorded.Length; i++)
                if (!EventKinds.IsNeutral(_recorded[i].Kind)) return true;
            return false;
        }
    }

    public RunPhase Phase => _cancel is null ? RunPhase.Normal : RunPhase.Cancelling;

    public RunDraft Draft => _draft;

    /// <summary>Number of events, the drafted ones included.</summary>
    public int EventCount => _next;

    /// <summary>How the run ends, once its code has ended and nothing of it is under way; null before.</summary>
    public RunEnding? Ending { get; private set; }

    /// <summary>This attempt of the workflow is over and another will follow: the run must be given back and loaded again.</summary>
    public bool IsSpent => _spent;

    /// <summary>Whether a body runs or is about to.</summary>
    public bool HasBodies
    {
        get
        {
            for (var i = 0; i < _open.Count; i++)
                if (_open[i] is BodyOperation { Stage: BodyStage.Running or BodyStage.Ready } body && IsLocal(body)) return true;
            return false;
        }
    }

    /// <summary>Whether the run waits for nothing but the clock.</summary>
    public bool IsOnlySleeping
    {
        get
        {
            for (var i = 0; i < _open.Count; i++)
                if (_open[i] is not (SleepOperation or BodyOperation { Stage: BodyStage.RetryWait })) return false;
            return true;
        }
    }

    /// <summary>The earliest instant at which the run has something to do by itself.</summary>
    public Instant NextDue
    {
        get
        {
            if (Ending is not null) return Instant.Earliest;
            if (_main is null || _spent) return Instant.Min(_attemptDue, _cancel is null ? _deadline : Instant.Never);
            var due = Instant.Min(_timers.Next, _cancel is null ? _deadline : Instant.Never);
            return _cancel is { Cause: CancellationCause.Timeout } ? Instant.Min(due, GraceEnd) : due;
        }
    }

    /// <summary>All published state by name.</summary>
    public IReadOnlyDictionary<string, ReadOnlyMemory<byte>>? Published => _published;

    private Instant GraceEnd => _cancelledAt.Add(PerdureDefaults.TimeoutGrace);

    /// <summary>Gives away what is to be written; the next turns fill a new draft.</summary>
    public RunDraft TakeDraft()
    {
        var draft = _draft;
        _draft = new RunDraft(_next);
        return draft;
    }

    /// <summary>An attempt of a body ended. False: it is not the current attempt any more, its outcome is dropped.</summary>
    public bool BodyEnded(BodyOperation operation, BodyOutcome outcome, Instant now)
    {
        if (operation.IsDone || operation.Stage != BodyStage.Running || outcome.Attempt != operation.CurrentAttempt) return false;
        operation.Stage = BodyStage.Ready;
        _now = now;
        if (operation is ActivityOperation activity) ActivityTurn(activity, outcome, messageId: null);
        else StepTurn(operation, outcome);
        return true;
    }

    /// <summary>A body has been running for long: it becomes visible in the history.</summary>
    public void BodyRunsLong(BodyOperation operation, int attempt, Instant startedAt, Instant now)
    {
        if (operation.IsDone || operation.Stage != BodyStage.Running || operation.CurrentAttempt != attempt || operation.StartRecorded) return;
        _now = now;
        Turn(new EventRecord
        {
            Kind = operation.Kind == OperationKind.Step ? EventKind.StepStarted : EventKind.ActivityStarted,
            Operation = operation.Number, Name = operation.Name, Attempt = attempt, Source = SourceOf(operation), Note = startedAt.ToString(),
        });
        operation.StartRecorded = true;
    }

    /// <summary>A queued activity ended. False: it is over already, or the message is known.</summary>
    public bool TaskEnded(int operation, BodyOutcome outcome, string? messageId, Instant now)
    {
        if (messageId is not null && !Note(messageId)) return false;
        if (_open.Find(operation) is not ActivityOperation { Local: null } activity) return false;
        _now = now;
        ActivityTurn(activity, outcome, messageId);
        return true;
    }

    /// <summary>A signal arrived. False: its message is known.</summary>
    public bool SignalArrived(string messageId, string name, ReadOnlyMemory<byte> payload, Instant now)
    {
        if (!Note(messageId)) return false;
        _now = now;
        var waiter = Ending is null && _main is { IsCompleted: false } ? OldestWaiter(name) : null;
        Turn(new EventRecord
        {
            Kind = EventKind.SignalReceived, Operation = waiter?.Number ?? EventRecord.NoOperation, Name = name, Note = messageId, Data = payload,
        });
        return true;
    }

    /// <summary>Somebody asked the run to stop. False: it knew already.</summary>
    public bool CancelAsked(CancelRequest request, string? messageId, Instant now)
    {
        // Ids of these requests are not remembered: while one counts, every other is known; when it counts no more, the run was reopened and a new one is meant.
        if (_cancel is not null) return false;
        _now = now;
        var entered = _main is not null;
        Turn(new EventRecord
        {
            Kind = EventKind.CancelRequested, Attempt = entered ? _attempt : 0, Note = request.Reason, Data = RunJson.Write(request),
        });
        if (entered && Ending is null) StopBodies();
        return true;
    }

    /// <summary>Takes everything that is due at <paramref name="now"/>, one turn each. False: nothing was.</summary>
    public bool FireDue(Instant now)
    {
        _now = now;
        var fired = false;
        if (_cancel is { Cause: CancellationCause.Timeout } && now >= GraceEnd && Ending is null)
        {
            // Cleanup has had its time; the run ends without any more of its code.
            Ending = new RunEnding(RunStatus.TimedOut, default, TimeoutFailure(), CancelIgnored: false);
            for (var i = 0; i < _open.Count; i++)
                if (_open[i] is BodyOperation { Stage: BodyStage.Running } body) _draft.CancelBodies.Add(body);
            return true;
        }
        if (_cancel is null && now >= _deadline && Ending is null)
        {
            _draft.FiredAt(_deadline);
            CancelAsked(new CancelRequest("the run timeout passed", Cause: CancellationCause.Timeout), null, now);
            fired = true;
        }
        if (_spent || Ending is not null) return fired;
        if (_main is null)
        {
            if (_attemptDue > now) return fired;
            _draft.FiredAt(_attemptDue);
            BeginAttempt();
            return true;
        }
        while (Ending is null && _timers.TakeDue(now) is { } operation)
        {
            fired = true;
            Fire(operation);
        }
        return fired;
    }

    /// <summary>Ends the run without any more of its code.</summary>
    public void Terminate(string? reason) =>
        Ending = new RunEnding(RunStatus.Terminated, default, new Failure(ErrorCodes.RunTerminated, reason ?? RunEnding.Terminated), CancelIgnored: false);

    /// <summary>Ends a turn that found something foreign: throws <see cref="BlockException"/>.</summary>
    public void CheckForeign()
    {
        if (_foreign && Ending is null) throw ForeignAwait("A continuation of the workflow's code came back from outside its run.");
    }

    /// <summary>The terminal event for <see cref="Ending"/>, to be written if the close succeeds. May be asked for again.</summary>
    public RunClose BuildClose(Instant now)
    {
        var ending = Ending!;
        var at = Instant.Max(now, _lastAt);
        var writer = new ByteWriter();
        EventCodec.Write(writer, new EventRecord
        {
            Kind = ending.Status switch
            {
                RunStatus.Completed => EventKind.WorkflowCompleted,
                RunStatus.Failed => EventKind.WorkflowFailed,
                RunStatus.Cancelled => EventKind.WorkflowCancelled,
                RunStatus.TimedOut => EventKind.WorkflowTimedOut,
                _ => EventKind.WorkflowTerminated,
            },
            Sequence = _next, At = at, Attempt = _attempt, Losses = _seed.Losses,
            Note = ending.CancelIgnored ? "cancel ignored" : null,
            Data = ending.Failure is null ? ending.Result : ending.Failure.Encode(),
        }, _checksum);
        return new RunClose
        {
            Status = ending.Status, At = at, Result = ending.Result,
            Failure = ending.Failure is null ? default : ending.Failure.Encode(),
            Event = new EventBatch(_next, 1, writer.Detach()),
            KeepQueued = _cancel is { KeepQueued: true },
        };
    }

    /// <summary>What the run waits for, for people and clients.</summary>
    public IReadOnlyList<WaitDescription> DescribeWaits()
    {
        var waits = new List<WaitDescription>();
        if (_main is null && !_attemptDue.IsNever) waits.Add(new WaitDescription("retry", _seed.Workflow, _attemptDue.ToDateTimeOffset()));
        for (var i = 0; i < _open.Count; i++)
        {
            var operation = _open[i];
            var kind = operation switch
            {
                SleepOperation => "timer",
                WaitOperation => "signal",
                ActivityOperation => "activity",
                BodyOperation { Stage: BodyStage.RetryWait } => "retry",
                BodyOperation => "step",
                _ => "limit",
            };
            waits.Add(new WaitDescription(kind, operation.Name, operation.Due.IsNever ? null : operation.Due.ToDateTimeOffset()));
        }
        return waits;
    }

    private void OnForeignPost()
    {
        _foreign = true;
        ForeignPost?.Invoke();
    }

    private void StepTurn(BodyOperation operation, BodyOutcome outcome)
    {
        var e = new EventRecord { Operation = operation.Number, Name = operation.Name, Attempt = outcome.Attempt, Source = SourceOf(operation) };
        if (outcome.Verdict == BodyVerdict.Completed)
        {
            Turn(e with { Kind = EventKind.StepCompleted, Data = outcome.Result }, operation.Deferred);
            return;
        }
        Turn(e with { Kind = EventKind.StepFailed, Note = Judge(operation, outcome), Data = outcome.Failure!.Encode() });
    }

    private void ActivityTurn(ActivityOperation operation, BodyOutcome outcome, string? messageId)
    {
        // That it began becomes known together with its outcome, unless it took so long that it was told before.
        if (outcome.StartedAt > Instant.Earliest && !operation.StartRecorded)
            Append(new EventRecord
            {
                Kind = EventKind.ActivityStarted, Operation = operation.Number, Name = operation.Name, Attempt = outcome.Attempt,
                Note = outcome.StartedAt.ToString(), Data = RunJson.Write(new ActivityStart(outcome.Worker)),
            });
        operation.StartRecorded = false;
        var e = new EventRecord { Operation = operation.Number, Name = operation.Name, Attempt = outcome.Attempt, Source = SourceOf(operation) };
        _retryDetails = outcome.Details;
        switch (outcome.Verdict)
        {
            case BodyVerdict.Completed:
                Turn(e with { Kind = EventKind.ActivityCompleted, Note = messageId, Data = outcome.Result });
                break;
            case BodyVerdict.Cancelled:
                Turn(e with { Kind = EventKind.ActivityCancelled, Note = messageId });
                break;
            case var verdict:
                Turn(e with
                {
                    Kind = verdict == BodyVerdict.TimedOut ? EventKind.ActivityTimedOut : EventKind.ActivityFailed,
                    Note = Judge(operation, outcome), Data = outcome.Failure!.Encode(),
                });
                break;
        }
    }

    /// <summary>Decides whether another attempt follows, and when.</summary>
    private string Judge(BodyOperation operation, BodyOutcome outcome)
    {
        _retryDue = null;
        if (outcome.Verdict == BodyVerdict.Cancelled) return FailureNotes.Cancelled;
        if (outcome.Verdict == BodyVerdict.Unknown) return FailureNotes.Unknown;
        var cancelled = operation.CancelAsked || _cancel is not null && !operation.Shielded;
        if (outcome.Final || cancelled || operation.Failures + 1 >= operation.Retry.MaxAttempts || operation.Retry.NonRetryable.Contains(outcome.Failure!.Code))
            return FailureNotes.Final;
        var due = outcome.RetryAt ?? Instant.Max(_now, _lastAt).Add(operation.Retry.DelayAfter(operation.Failures + 1, _kit.Jitter()));
        if (operation is ActivityOperation activity && due >= activity.CloseDeadline) return FailureNotes.Final;
        _retryDue = due;
        return FailureNotes.Retryable;
    }

    private void Fire(Operation operation)
    {
        switch (operation)
        {
            case SleepOperation:
                _draft.FiredAt(operation.Due);
                Turn(new EventRecord { Kind = EventKind.SleepCompleted, Operation = operation.Number, Source = SourceOf(operation) });
                break;
            case WaitOperation or LimitOperation:
                _draft.FiredAt(operation.Due);
                Turn(new EventRecord { Kind = EventKind.WaitTimedOut, Operation = operation.Number, Name = operation.Name, Source = SourceOf(operation) });
                break;
            case BodyOperation { Stage: BodyStage.RetryWait } body:
                // The due instant is in the history; that it has come changes nothing that the code could see.
                _draft.FiredAt(operation.Due);
                body.Due = Instant.Never;
                body.Stage = BodyStage.Ready;
                _wanting.Add(body);
                EndTurn();
                break;
        }
    }

    /// <summary>After a cancellation: what has not begun never will, what runs is asked to stop, queued activities are withdrawn.</summary>
    private void StopBodies()
    {
        for (var i = 0; i < _open.Count; i++)
        {
            if (_open[i] is not BodyOperation body || body.Shielded) continue;
            var before = _open.Count;
            StopBody(body);
            if (_open.Count != before) i = -1;
        }
    }

    private void StopBody(BodyOperation body)
    {
        if (body is ActivityOperation { Local: null } activity)
        {
            if (activity.CancelSent) return;
            activity.CancelSent = true;
            // Whoever keeps the queue keeps its tasks; only the code does not wait for them any more.
            if (_cancel is { KeepQueued: true }) ActivityTurn(activity, Withdrawn(body), null);
            else _draft.CancelTasks.Add(activity.Number);
        }
        else if (body.Stage == BodyStage.Running)
        {
            if (body.CancelAsked) return;
            body.CancelAsked = true;
            _draft.CancelBodies.Add(body);
        }
        else
        {
            body.Stage = BodyStage.Ready;
            if (body is ActivityOperation local) ActivityTurn(local, Withdrawn(body), null);
            else StepTurn(body, Withdrawn(body));
        }
    }

    private BodyOutcome Withdrawn(BodyOperation body) =>
        new() { Verdict = BodyVerdict.Cancelled, Attempt = body.LastAttempt, Failure = Failure.From(Cancellation()) };

    private WaitOperation? OldestWaiter(string name)
    {
        for (var i = 0; i < _open.Count; i++)
            if (_open[i] is WaitOperation wait && wait.Wants(name)) return wait;
        return null;
    }

    private bool Note(string messageId) => (_messageIds ??= new HashSet<string>(StringComparer.Ordinal)).Add(messageId);

    private static bool IsLocal(BodyOperation body) => body is not ActivityOperation { Local: null };

    private static string? SourceOf(Operation operation) => operation.Source.Line == 0 ? null : operation.Source.ToString();

    private Failure TimeoutFailure() => new(ErrorCodes.RunTimedOut, $"The run timeout passed at {_deadline}.");
}
