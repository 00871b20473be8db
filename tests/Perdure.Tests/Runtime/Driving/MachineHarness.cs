using Perdure.Authoring;
using Perdure.Formats;
using Perdure.Runtime;
using Perdure.Storage;
using Perdure.Worker;

namespace Perdure.Tests.Runtime.Driving;

/// <summary>
/// Drives one run's machine as a worker would, without store and threads: time moves when the test says so, a commit is a list, and outcomes come in the order that
/// the test chooses. The machine may be dropped at any moment and loaded again from what was committed.
/// </summary>
internal sealed class MachineHarness : IMachineOwner
{
    public static readonly Instant Birth = Instant.From(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    private readonly Dictionary<int, StoredTask> _tasks = [];
    private readonly List<BodyOperation> _bodies = [];
    private readonly List<StoredTask> _ended = [];
    private readonly List<StoredChild> _children = [];
    private readonly List<StoredChild> _endedChildren = [];
    private readonly ReadOnlyMemory<byte> _input;
    private List<EventBatch> _history = [];
    private RunMachine? _machine;
    private readonly ManualResetEventSlim _foreign = new();
    private int _messages;
    private bool _wasLoaded;

    public MachineHarness(WorkflowDescriptor workflow, ReadOnlyMemory<byte> input, HarnessOptions? options = null)
    {
        Options = options ?? new HarnessOptions();
        Workflow = workflow;
        _input = input;
        Now = Birth;
        var writer = new ByteWriter();
        EventCodec.Write(writer, new EventRecord { Kind = EventKind.WorkflowStarted, At = Birth, Attempt = 1, Data = input }, 0);
        _history.Add(new EventBatch(0, 1, writer.Detach()));
    }

    /// <summary>A run of a function.</summary>
    public static MachineHarness Of<TIn, TOut>(Func<WorkflowContext, TIn, Task<TOut>> code, TIn input, HarnessOptions? options = null) =>
        new(Describe(code), PayloadCodec.Default.Serialize(input), options);

    /// <summary>A run of a function without input.</summary>
    public static MachineHarness Of<TOut>(Func<WorkflowContext, Task<TOut>> code, HarnessOptions? options = null) => Of((WorkflowContext ctx, int _) => code(ctx), 0, options);

    /// <summary>A run of a function without input and result.</summary>
    public static MachineHarness Of(Func<WorkflowContext, Task> code, HarnessOptions? options = null) =>
        Of(async (WorkflowContext ctx, int _) => { await code(ctx); return default(Unit); }, 0, options);

    public static WorkflowDescriptor Describe<TIn, TOut>(Func<WorkflowContext, TIn, Task<TOut>> code) =>
        new WorkflowDescriptor<TIn, TOut>(new WorkflowIdentity("flow", 1, code.Method), new WorkflowOptions(), _ => code);

    public HarnessOptions Options { get; }

    /// <summary>The code; a test may deploy other code between two loads.</summary>
    public WorkflowDescriptor Workflow { get; set; }

    public Instant Now { get; set; }

    /// <summary>How often the run has lost its worker.</summary>
    public int Losses { get; private set; }

    public RunMachine Machine => _machine ?? throw new InvalidOperationException("The run is not in memory.");

    public bool IsResident => _machine is not null;

    public RunClose? Close { get; private set; }

    public RunStatus? Status => Close?.Status;

    public BlockException? Blocked { get; private set; }

    /// <summary>Bodies that have begun and have no outcome yet.</summary>
    public IReadOnlyList<BodyOperation> Bodies => _bodies;

    /// <summary>Queued activities by operation.</summary>
    public IReadOnlyDictionary<int, StoredTask> Tasks => _tasks;

    /// <summary>Children that live.</summary>
    public IReadOnlyList<StoredChild> Children => _children;

    /// <summary>Messages that the run has sent.</summary>
    public List<OutgoingMessage> Sent { get; } = [];

    /// <summary>How often each step body (or local activity) was begun, by name.</summary>
    public Dictionary<string, int> Begun { get; } = [];

    /// <summary>Attempt numbers of every begun body, in order.</summary>
    public List<(string Name, int Attempt)> Attempts { get; } = [];

    /// <summary>The committed events.</summary>
    public EventRecord[] Events => EventCodec.ReadAll(_history, out _);

    public IReadOnlyList<EventBatch> History => _history;

    /// <summary>Events as short texts: "StepCompleted a".</summary>
    public string[] Story => Array.ConvertAll(Events, static e => e.Name.Length == 0 ? e.Kind.ToString() : $"{e.Kind} {e.Name}");

    public T Result<T>() => PayloadCodec.Default.Deserialize<T>(Close!.Result.Span);

    public Failure FailureOfRun() => Failure.Decode(Close!.Failure.Span);

    /// <summary>Begins, and lets everything happen that needs no time: bodies and activities run at once, in order.</summary>
    public MachineHarness Run()
    {
        Load();
        Settle();
        return this;
    }

    void IMachineOwner.ForeignPosted() => _foreign.Set();

    string? IMachineOwner.BodyInProgress => null;

    /// <summary>Loads the run from its committed events. <paramref name="act"/> is an operator's act that lets it go on.</summary>
    public void Load(EventKind? act = null)
    {
        if (act is not null) (Blocked, Close) = (null, null);
        var events = EventCodec.ReadAll(_history, out var checksum);
        var seed = new RunSeed("run-1", "flow", Options.Settings, Options.RunTimeout is { } limit ? Birth.Add(limit) : Instant.Never, Losses, IsNew: !_wasLoaded);
        _wasLoaded = true;
        _machine = new RunMachine(seed, _input, Workflow, Options.Kit) { Owner = this };
        _machine.Attach(events, checksum, Now);
        Turn(machine =>
        {
            machine.Load(act is { } kind ? [new EventRecord { Kind = kind, Note = $"act-{_messages++}" }] : []);
            machine.FireDue(Now);
        });
    }

    /// <summary>Forgets the machine and what it had not committed. <paramref name="lost"/>: its worker died.</summary>
    public void Evict(bool lost = false)
    {
        _machine = null;
        _bodies.Clear();
        // The row of a task goes together with the event that says how it ended.
        foreach (var task in _ended) _tasks.TryAdd(task.Operation, task);
        _ended.Clear();
        _children.AddRange(_endedChildren);
        _endedChildren.Clear();
        if (lost) Losses++;
    }

    public void Reload(bool lost = false)
    {
        Evict(lost);
        Load();
    }

    /// <summary>A second run that has the first <paramref name="events"/> events of this one, not loaded yet.</summary>
    public MachineHarness Fork(int events)
    {
        var fork = new MachineHarness(Workflow, _input, Options) { Now = Now, Losses = Losses, _history = Cut(Events, events), _messages = _messages, _wasLoaded = true };
        foreach (var (operation, task) in TasksAt(fork.Events)) fork._tasks[operation] = task;
        fork._children.AddRange(ChildrenAt(fork.Events));
        return fork;
    }

    /// <summary>Writes the draft and lets out what waited for it. Closes or reloads the run as the machine wants.</summary>
    public void Commit()
    {
        if (_machine is not { } machine) return;
        var draft = machine.TakeDraft();
        if (draft.NotBefore > Now) throw new InvalidOperationException($"The draft would be written before {draft.NotBefore}; it is {Now}.");
        _ended.Clear();
        _endedChildren.Clear();
        foreach (var child in draft.Children) _children.Add(new StoredChild(child.Id, child.Operation));
        Sent.AddRange(draft.Messages);
        if (draft.Count > 0) _history.Add(draft.DetachEvents());
        foreach (var wish in draft.Tasks) _tasks.Add(wish.Activity.Number, new StoredTask(wish.Activity.Number, wish.Activity.Name, wish.Activity.Input, wish.Due, wish.AttemptsUsed + 1));
        foreach (var operation in draft.CancelTasks)
            if (_tasks.TryGetValue(operation, out var task)) task.CancelAsked = true;
        if (Blocked is not null)
        {
            Evict();
            return;
        }
        if (machine.Ending is not null)
        {
            Close = machine.BuildClose(Now);
            _history.Add(Close.Event);
            Sent.AddRange(Close.Messages);
            if (!Close.KeepQueued) _tasks.Clear();
            Evict();
            return;
        }
        if (machine.IsSpent)
        {
            Reload();
            return;
        }
        foreach (var body in draft.Bodies)
        {
            _bodies.Add(body);
            Begun[body.Name] = Begun.GetValueOrDefault(body.Name) + 1;
            Attempts.Add((body.Name, body.CurrentAttempt));
        }
        var expired = draft.Requests?.ToChanges().Expiring ?? [];
        machine.GiveBack(draft);
        // Nobody was faster: the store says that their time is up.
        foreach (var operation in expired) Turn(machine => machine.RequestExpired(operation, Now));
    }

    /// <summary>Commits, runs bodies and activities, and delivers their outcomes, until nothing is left to do without time passing.</summary>
    public void Settle()
    {
        for (var i = 0; i < 100_000; i++)
        {
            if (_machine is null) return;
            if (!_machine.Draft.IsEmpty || _machine.Ending is not null || _machine.IsSpent) Commit();
            else if (_bodies.Count > 0) Deliver(_bodies[0], Execute(_bodies[0]));
            else if (NextTask() is { } task) End(task, ExecuteTask(task));
            else return;
        }
        throw new InvalidOperationException("The run does not come to rest.");
    }

    /// <summary>Moves time to where the run (or one of its tasks) is next due, and settles. False: it waits for nothing but messages.</summary>
    public bool SkipToDue()
    {
        Settle();
        if (_machine is null) return false;
        var due = _machine.NextDue;
        foreach (var task in _tasks.Values) due = Instant.Min(due, task.Due);
        if (due.IsNever) return false;
        Now = Instant.Max(Now, due);
        Fire();
        Settle();
        return true;
    }

    /// <summary>Goes on until the run has ended, is blocked, or waits for a message.</summary>
    public MachineHarness RunToEnd()
    {
        if (_machine is null && Close is null && Blocked is null) Load();
        for (var i = 0; i < 10_000 && SkipToDue(); i++) { }
        return this;
    }

    public void Advance(TimeSpan time)
    {
        Now = Now.Add(time);
        Fire();
        Settle();
    }

    public void Fire() => Turn(machine => machine.FireDue(Now));

    public void Signal(string name, object? payload, string? id = null) =>
        Turn(machine => machine.SignalArrived(id ?? $"m-{_messages++}", name, PayloadCodec.Default.Serialize(payload, payload?.GetType() ?? typeof(object)), Now));

    public bool Cancel(string? reason = "no more", bool keepQueued = false)
    {
        var taken = false;
        Turn(machine => taken = machine.CancelAsked(new CancelRequest(reason, KeepQueued: keepQueued), Now));
        return taken;
    }

    /// <summary>Waits until something foreign came back, and tells the machine, as its owner would.</summary>
    public void AwaitForeign()
    {
        if (Blocked is not null) return;
        if (!_foreign.Wait(TimeSpan.FromSeconds(30))) throw new TimeoutException("Nothing foreign came back.");
        Turn(machine => machine.CheckForeign());
    }

    public void Terminate(string? reason = null) => Turn(machine => machine.Terminate(reason));

    /// <summary>The begun body of that name.</summary>
    public BodyOperation Body(string name) => _bodies.Find(body => body.Name == name) ?? throw new InvalidOperationException($"No body \"{name}\" runs.");

    public StoredTask TaskOf(string name)
    {
        foreach (var task in _tasks.Values)
            if (task.Name == name) return task;
        throw new InvalidOperationException($"No activity \"{name}\" is queued.");
    }

    /// <summary>The body of that name returns <paramref name="result"/>.</summary>
    public void Finish<T>(string name, T result)
    {
        var body = Body(name);
        Deliver(body, new BodyOutcome { Verdict = BodyVerdict.Completed, Attempt = body.CurrentAttempt, Result = PayloadCodec.Default.Serialize(result) });
    }

    public void Fail(string name, Exception exception)
    {
        var body = Body(name);
        Deliver(body, OutcomeOf(body, exception));
    }

    public void Deliver(BodyOperation body, BodyOutcome outcome)
    {
        _bodies.Remove(body);
        Turn(machine => machine.BodyEnded(body, outcome, Now));
    }

    public BodyOutcome Execute(BodyOperation body)
    {
        var info = new StepInfo("run-1", body.Name, body.CurrentAttempt, body.Number, body.StepId, PayloadCodec.Default);
        try
        {
            // A body runs on a thread of its own: not inside the pump, and with nobody's context.
            var result = Task.Run(() => body.ExecuteAsync(new FixedScope(null, info, new CancellationToken(body.CancelAsked)), PayloadCodec.Default).AsTask()).GetAwaiter().GetResult();
            return new BodyOutcome { Verdict = BodyVerdict.Completed, Attempt = body.CurrentAttempt, Result = result };
        }
        catch (Exception e)
        {
            return OutcomeOf(body, e);
        }
    }

    public void FinishTask<T>(string name, T result)
    {
        var task = TaskOf(name);
        End(task, new BodyOutcome { Verdict = BodyVerdict.Completed, Attempt = task.Attempt, Result = PayloadCodec.Default.Serialize(result) });
    }

    public void FailTask(string name, Exception exception)
    {
        var task = TaskOf(name);
        End(task, BodyOutcomes.Of(exception, PayloadCodec.Default, RetryPolicy.Default, task.Attempt, task.CancelAsked, Now));
    }

    /// <summary>A task's attempt ended: its row goes, and the run is told.</summary>
    public bool End(StoredTask task, BodyOutcome outcome)
    {
        _tasks.Remove(task.Operation);
        _ended.Add(task);
        var taken = false;
        Turn(machine => taken = machine.TaskEnded(task.Operation, outcome, null, Now));
        return taken;
    }

    /// <summary>A child ended, and its parent is told.</summary>
    public bool EndChild(StoredChild child, RunStatus status, int result = 0)
    {
        _children.Remove(child);
        _endedChildren.Add(child);
        var taken = false;
        var data = status == RunStatus.Completed ? PayloadCodec.Default.Serialize(result) : new Failure("bad", $"the child is {status}").Encode();
        Turn(machine => taken = machine.ChildEnded(new ChildEnd(child.Operation, child.Id, status, 1, data), Now));
        return taken;
    }

    /// <summary>One call of the machine, as its owner makes it: what stops it blocks the run.</summary>
    public void Turn(Action<RunMachine> call)
    {
        if (_machine is not { } machine) return;
        try
        {
            call(machine);
        }
        catch (BlockException e)
        {
            Blocked = e;
            machine.NoteBlocked(e.Reason, e.Message, Now);
            Commit();
        }
    }

    private BodyOutcome OutcomeOf(BodyOperation body, Exception exception) =>
        BodyOutcomes.Of(exception, PayloadCodec.Default, body.Retry, body.CurrentAttempt, body.CancelAsked, Now);

    private StoredTask? NextTask()
    {
        if (!Options.RunsTasks) return null;
        foreach (var task in _tasks.Values)
            if (task.Due <= Now || task.CancelAsked) return task;
        return null;
    }

    private BodyOutcome ExecuteTask(StoredTask task)
    {
        if (task.CancelAsked) return new BodyOutcome { Verdict = BodyVerdict.Cancelled, Attempt = 0 };
        Begun[task.Name] = Begun.GetValueOrDefault(task.Name) + 1;
        Attempts.Add((task.Name, task.Attempt));
        try
        {
            var info = new StepInfo("run-1", task.Name, task.Attempt, task.Operation, null, PayloadCodec.Default);
            var result = Task.Run(() => Options.Kit.Activities.Get(task.Name).InvokeAsync(new FixedScope(null, info, default), task.Input, PayloadCodec.Default)).GetAwaiter().GetResult();
            return new BodyOutcome { Verdict = BodyVerdict.Completed, Attempt = task.Attempt, Result = result, StartedAt = Now };
        }
        catch (Exception e)
        {
            return BodyOutcomes.Of(e, PayloadCodec.Default, RetryPolicy.Default, task.Attempt, false, Now) with { StartedAt = Now };
        }
    }

    /// <summary>The children that live at the end of a history.</summary>
    private static List<StoredChild> ChildrenAt(EventRecord[] events)
    {
        var children = new List<StoredChild>();
        foreach (var e in events)
        {
            if (e.Kind == EventKind.ChildStarted) children.Add(new StoredChild(ChildNote.Read(e.Note!).Id, e.Operation));
            else if (e.Kind is EventKind.ChildCompleted or EventKind.ChildFailed or EventKind.ChildCancelled) children.RemoveAll(child => child.Operation == e.Operation);
        }
        return children;
    }

    private static List<EventBatch> Cut(EventRecord[] events, int count)
    {
        var writer = new ByteWriter();
        var checksum = 0u;
        for (var i = 0; i < count; i++) checksum = EventCodec.Write(writer, events[i], checksum);
        return [new EventBatch(0, count, writer.Detach())];
    }

    /// <summary>The rows of queued activities that go with a history.</summary>
    private static Dictionary<int, StoredTask> TasksAt(EventRecord[] events)
    {
        var tasks = new Dictionary<int, StoredTask>();
        var scheduled = new Dictionary<int, EventRecord>();
        var attempts = new Dictionary<(int, string), int>();
        foreach (var e in events)
        {
            switch (e.Kind)
            {
                case EventKind.ActivityScheduled when e.Note is null:
                    scheduled[e.Operation] = e;
                    tasks[e.Operation] = new StoredTask(e.Operation, e.Name, e.Data, e.At, attempts.GetValueOrDefault((e.Operation, e.Name)) + 1);
                    break;
                case EventKind.ActivityRetryScheduled when scheduled.TryGetValue(e.Operation, out var first):
                    tasks[e.Operation] = new StoredTask(e.Operation, e.Name, first.Data, e.Due, e.Attempt);
                    break;
                // A step that stood in its place in an earlier attempt of the workflow has used up numbers too.
                case EventKind.StepStarted or EventKind.StepCompleted or EventKind.StepFailed:
                    attempts[(e.Operation, e.Name)] = Math.Max(e.Attempt, attempts.GetValueOrDefault((e.Operation, e.Name)));
                    break;
                case EventKind.WorkflowFailed or EventKind.WorkflowTimedOut:
                    foreach (var task in tasks.Values) SkipUnknown(task.Operation, task.Name);
                    tasks.Clear();
                    break;
                case EventKind.ActivityCompleted or EventKind.ActivityFailed or EventKind.ActivityTimedOut or EventKind.ActivityCancelled:
                    if (tasks.Remove(e.Operation) && e is { Kind: EventKind.ActivityCancelled, Attempt: 0 }) SkipUnknown(e.Operation, e.Name);
                    if (e.Attempt > 0) attempts[(e.Operation, e.Name)] = e.Attempt;
                    break;
            }
        }
        return tasks;

        // Attempts that nobody told the run about may have used up as many numbers.
        void SkipUnknown(int operation, string name) => attempts[(operation, name)] = attempts.GetValueOrDefault((operation, name)) + PerdureDefaults.MaxCrashes;
    }
}
