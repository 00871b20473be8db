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
/// one turn at a time. The parts: this file takes what happens from outside; <c>.Replay</c> loads; <c>.Apply</c> applies events and ends turns; <c>.Bodies</c> looks after
/// attempts of steps and activities; <c>.Issue</c> takes what the code asks for; <c>.Children</c> looks after other runs that this one started.
/// </remarks>
internal sealed partial class RunMachine : IPumpOwner
{
    private readonly RunSeed _seed;
    private readonly WorkflowDescriptor? _workflow;
    private readonly RuntimeKit _kit;
    private readonly Pump _pump;
    private readonly RunContext _context;
    private readonly RunHistory _history;
    private readonly OpenOperations _open = new();
    private readonly TimerSet _timers = new();
    private readonly SignalBuffer _signals = new();

    private ReadOnlyMemory<byte> _input;
    private Task? _main;
    private Dictionary<string, Instant>? _messageIds;
    private SortedDictionary<string, ReadOnlyMemory<byte>>? _published;
    private Cancellation? _cancellation;
    private BlockException? _block;
    private Instant _deadline;
    private Instant _now;
    private Instant _turnTime;
    private Instant _attemptDue = Instant.Never;
    private int _turnLosses;
    private int _turnBlocks;
    private int _operations;
    private int _attempt;
    private int _failedAttempts;
    private int _nextWarning;
    private volatile bool _foreign;
    private volatile string? _foreignIn;
    private bool _isHalted;
    private bool _hasActivities;

    /// <param name="seed">What the run is born with.</param>
    /// <param name="input">Its input, JSON. Let go of when the code has been entered.</param>
    /// <param name="workflow">Its code; null when this build has none.</param>
    /// <param name="kit">What all machines of the process share.</param>
    public RunMachine(RunSeed seed, ReadOnlyMemory<byte> input, WorkflowDescriptor? workflow, RuntimeKit kit)
    {
        _seed = seed;
        _input = input;
        _workflow = workflow;
        _kit = kit;
        _deadline = seed.Deadline;
        _history = new RunHistory(seed.Losses);
        _pump = new Pump(kit.Flow, this);
        _context = new RunContext(this, seed, kit);
        if (seed.Settings.Continued is { } before) Inherit(before);
    }

    /// <summary>Who drives it; null for somebody who need not be told.</summary>
    public IMachineOwner? Owner { get; init; }

    /// <summary>Whether code runs over recorded events.</summary>
    public bool IsReplaying { get; private set; }

    /// <summary>Sequence of the event with which this life of the run began; 0 if it was never reopened.</summary>
    public int Reopened { get; private set; }

    public RunPhase Phase => _compensations > 0 ? RunPhase.Compensating : _cancellation is null ? RunPhase.Normal : RunPhase.Cancelling;

    public RunDraft Draft => _history.Draft;

    /// <summary>What the run is born with.</summary>
    public RunSeed Seed => _seed;

    /// <summary>Number of events, the drafted ones included.</summary>
    public int EventCount => _history.Count;

    /// <summary>How the run ends, once its code has ended and nothing of it is under way; null before.</summary>
    public RunEnding? Ending { get; private set; }

    /// <summary>This attempt of the workflow is over and another will follow: the run must be given back and loaded again.</summary>
    public bool IsSpent { get; private set; }

    /// <summary>Number of operations that the code has asked for and that have no outcome yet.</summary>
    public int OpenCount => _open.Count;

    /// <summary>Whether a body runs or is about to.</summary>
    public bool HasBodies => _open.HasActiveBody;

    /// <summary>Whether the run waits for nothing but the clock.</summary>
    public bool IsOnlySleeping => _open.IsOnlySleeping;

    /// <summary>The earliest instant at which the run has something to do by itself.</summary>
    public Instant NextDue
    {
        get
        {
            if (Ending is not null) return Instant.Earliest;
            var limit = _cancellation?.GraceEnd ?? _deadline;
            return Instant.Min(limit, _main is null || IsSpent ? _attemptDue : _timers.Next);
        }
    }

    /// <summary>All published state by name.</summary>
    public IReadOnlyDictionary<string, ReadOnlyMemory<byte>>? Published => _published;

    /// <summary>Gives away what is to be written; the next turns fill a new draft.</summary>
    public RunDraft TakeDraft() => _history.TakeDraft();

    /// <summary>Takes a draft back when all of it is done.</summary>
    public void GiveBack(RunDraft draft) => _history.GiveBack(draft);

    /// <summary>The run may wait for long: what its next turns make anew as easily is let go.</summary>
    public void Rest()
    {
        _wanting = null;
        _history.Rest();
    }

    /// <summary>A signal arrived. False: its message is known.</summary>
    public bool SignalArrived(string messageId, string name, ReadOnlyMemory<byte> payload, Instant now)
    {
        if (!Note(messageId, now)) return false;
        _now = now;
        var waiter = Ending is null && _main is { IsCompleted: false } ? _open.OldestWaiter(name) : null;
        Turn(new EventRecord
        {
            Kind = EventKind.SignalReceived, Operation = waiter?.Number ?? EventRecord.NoOperation, Name = name, Note = messageId, Data = payload,
        });
        return true;
    }

    /// <summary>
    /// Somebody asked the run to stop. False: it knew already, or ends anyway. Before <see cref="Load"/>, a run whose code was never entered ends without entering it.
    /// </summary>
    public bool CancelAsked(CancelRequest request, Instant now)
    {
        // Ids of these requests are not remembered: while one counts, every other is known; when it counts no more, the run was reopened and a new one is meant.
        if (_cancellation is not null || _isHalted) return false;
        _now = now;
        var isEntered = _main is not null && !IsSpent;
        Turn(new EventRecord
        {
            Kind = EventKind.CancelRequested, Attempt = isEntered ? _attempt : 0, Note = request.Reason, Data = RunJson.Write(request),
        });
        if (_children is not null)
            foreach (var order in _children.TellCancelled(request)) Draft.Send(order);
        if (isEntered && Ending is null) StopBodies();
        else WithdrawLeftBehind();
        return true;
    }

    /// <summary>Takes everything that is due at <paramref name="now"/>, one turn each. False: nothing was.</summary>
    public bool FireDue(Instant now)
    {
        if (Ending is not null) return false;
        _now = now;
        if (_cancellation is { } asked && now >= asked.GraceEnd)
        {
            // Cleanup has had its time; the run ends without any more of its code.
            Halt(RunEnding.OutOfGrace(asked, _deadline));
            return true;
        }
        var fired = false;
        if (_cancellation is null && now >= _deadline)
        {
            Draft.FiredAt(_deadline);
            fired = CancelAsked(new CancelRequest("the run timeout passed", Cause: CancellationCause.Timeout), now);
        }
        if (IsSpent || Ending is not null) return fired;
        if (_main is null)
        {
            if (_attemptDue > now) return fired;
            Draft.FiredAt(_attemptDue);
            Turn(new EventRecord { Kind = EventKind.WorkflowStarted, Attempt = _attempt + 1 });
            return true;
        }
        while (Ending is null && !IsSpent && _timers.TakeDue(now) is { } operation)
        {
            fired = true;
            Fire(operation);
        }
        return fired;
    }

    /// <summary>Ends the run without any more of its code.</summary>
    public void Terminate(string? reason) => Halt(RunEnding.Terminated(reason));

    /// <summary>Ends a run that nobody took until <paramref name="deadline"/>, so that its code was never entered.</summary>
    public void Expire(string queue, Instant deadline) => Halt(RunEnding.Expired(queue, deadline));

    /// <summary>Ends a turn that found something foreign: throws <see cref="BlockException"/>.</summary>
    public void CheckForeign()
    {
        if (!_foreign || Ending is not null) return;
        throw ForeignAwait(_foreignIn is { } step
            ? $"The workflow context was used while the body of '{step}' ran, which is where the call most likely stands: a body cannot hold operations of its own."
            : "A continuation of the workflow's code came back from outside its run.");
    }

    /// <summary>Records that the run is quarantined; the last thing that this machine does.</summary>
    public void NoteBlocked(RunBlockedReason reason, string detail, Instant now) =>
        _history.Append(new EventRecord { Kind = EventKind.RunBlocked, Name = reason.ToString(), Note = detail }, now);

    /// <summary>The terminal event for <see cref="Ending"/>, to be written if the close succeeds. May be asked for again.</summary>
    public RunClose BuildClose(Instant now)
    {
        var ending = Ending!;
        var data = ending.Data;
        var batch = _history.Preview(new EventRecord { Kind = ending.Event, Attempt = _attempt, Note = ending.Note, Data = data }, now, out var at);
        return new RunClose
        {
            Status = ending.Status, At = at, Result = ending.Result, Failure = ending.Failure is null ? default : data, Event = batch,
            // Only a run that stays cancelled keeps them: one that failed may be reopened, and asks for them again. Where there never was one, the store need not look.
            KeepQueued = !_hasActivities || ending.Status == RunStatus.Cancelled && _cancellation is { KeepsQueued: true },
            Messages = Farewells(ending) ?? (IReadOnlyList<OutgoingMessage>)[],
        };
    }

    /// <summary>What the run waits for, for people and clients.</summary>
    public IReadOnlyList<WaitDescription> DescribeWaits() => (_main is null || IsSpent) && !_attemptDue.IsNever
        ? [new WaitDescription("retry", _seed.Workflow, _attemptDue.ToDateTimeOffset())]
        : WaitDescriptions.Of(_open);

    /// <summary>Fixes the end of the run here and now: nothing that happens from now on reaches its code.</summary>
    private void Halt(RunEnding ending)
    {
        Ending = ending;
        _isHalted = true;
        Draft.DropBodies();
        for (var i = 0; i < _open.Count; i++)
            if (_open[i] is BodyOperation { Stage: BodyStage.Running } body) Draft.Cancel(body);
    }

    private void Fire(Operation operation)
    {
        Draft.FiredAt(operation.Due);
        if (operation is BodyOperation body)
        {
            // The due instant is in the history; that it has come changes nothing that the code could see.
            body.Due = Instant.Never;
            body.Stage = BodyStage.Ready;
            Want(body);
            EndTurn();
            return;
        }
        if (operation is RequestOperation request)
        {
            Expire(request);
            return;
        }
        Turn(new EventRecord
        {
            Kind = operation is SleepOperation ? EventKind.SleepCompleted : EventKind.WaitTimedOut,
            Operation = operation.Number, Name = operation.Name, Source = operation.SourceText,
        });
    }

    void IPumpOwner.ForeignPosted() => NoteForeign();

    private void NoteForeign()
    {
        _foreign = true;
        Owner?.ForeignPosted();
    }

    void IPumpOwner.Strayed(Exception exception) => _block ??= exception as BlockException ?? new BlockException(RunBlockedReason.ForeignAwait,
        $"An async void method of the workflow threw {exception.GetType().Name}: {exception.Message} The engine cannot follow such methods; let them return Task.");

    /// <summary>Remembers a message, and when a signal came. False: it is known.</summary>
    private bool Note(string messageId, Instant at) => (_messageIds ??= new(StringComparer.Ordinal)).TryAdd(messageId, at);
}
