using Perdure.Authoring;
using Perdure.Client;
using Perdure.Formats;
using Perdure.Runtime;
using Perdure.Schedules;
using Perdure.Storage;

namespace Perdure.Simulation;

/// <summary>
/// A client process: does its operations one after the other, each until it is answered. Ids are made before the first try, whichever way the tries go.
/// </summary>
internal sealed partial class SimClient
{
    private readonly Cluster _cluster;
    private readonly SimContext _context;
    private readonly SimTime _time;
    private readonly StoreSubmissions _rows;
    private readonly Patience _patience;
    private readonly SimRandom _random;
    private readonly Queue<ClientOp> _waiting = new();
    private bool _busy;

    public SimClient(Cluster cluster, string name)
    {
        _cluster = cluster;
        Name = name;
        _context = new SimContext(cluster.World, name);
        _time = new SimTime(cluster.World, _context);
        var store = Store = cluster.OpenStore(_context, name);
        _rows = new StoreSubmissions(store, new KeyBlocks(store, new StoreClock(_time)), _time);
        _patience = new Patience(_time);
        _random = cluster.World.Random.Fork(name);
    }

    public string Name { get; }

    public SimStore Store { get; }

    public List<ClientOp> Log { get; } = [];

    public bool IsIdle => !_busy && _waiting.Count == 0;

    public void Do(params ReadOnlySpan<ClientOp> operations)
    {
        foreach (var operation in operations) _waiting.Enqueue(operation);
        if (_busy) return;
        _busy = true;
        _context.Post(_ => WorkAsync(), null);
    }

    private async void WorkAsync()
    {
        while (_waiting.TryDequeue(out var operation))
        {
            var wait = operation.At - _cluster.World.Now;
            if (wait > 0) await PassAsync(wait);
            if (operation.Behind is { } isIt)
                await Task.WhenAny(_cluster.Effects.WhenEndedAsync(isIt), Task.Delay(TimeSpan.FromMilliseconds(operation.PatienceMs), _time));
            Log.Add(operation);
            operation.InvokeOrder = _cluster.World.NextOrder();
            await DoAsync(operation);
            operation.AckOrder = _cluster.World.NextOrder();
            _cluster.World.Trace.Add(Name, $"{operation.GetType().Name} acked", operation.Run);
        }
        _busy = false;
    }

    /// <summary>Waits to the tick; a delay is cut to whole milliseconds.</summary>
    private Task PassAsync(long ticks)
    {
        var passed = new TaskCompletionSource();
        _cluster.World.After(ticks, () => _context.Post(_ => passed.TrySetResult(), null));
        return passed.Task;
    }

    private async Task DoAsync(ClientOp operation)
    {
        switch (operation)
        {
            case StartOp start:
                start.Birth ??= await BirthAsync(start);
                _cluster.Tap.Expect(start);
                _cluster.Poison.Know(start.Birth.Key, start.Run);
                if (start.Signal is not null) await StartWithSignalAsync(start);
                else start.Outcome = await CallAsync(start, submissions => submissions.StartAsync(start.Birth, default));
                break;
            case StartManyOp many:
                await StartManyAsync(many);
                break;
            case RetryOp retry:
                if (await EndedAsync(retry) is not { } ended) break;
                retry.Message = new OutgoingMessage { RunId = ended.Id, Id = _random.NextGuid().ToString("N"), Kind = MessageKind.Reopen, SeenEvents = ended.Events };
                retry.Outcome = await CallAsync(retry, submissions => submissions.PostAsync(retry.Message, default));
                break;
            case AnswerOp answer:
                await AnswerAsync(answer);
                break;
            case EndWaitOp end:
                if (await WaitingAsync(end) is not { } waiting) break;
                end.Wait = waiting.Sequence;
                end.Message = new OutgoingMessage
                {
                    RunId = _cluster.Tap.FindStart(end.Run)!.RunId, Id = _random.NextGuid().ToString("N"), Kind = MessageKind.CancelWait, Name = waiting.Name,
                    Payload = RunJson.Write(new WaitOrder(_cluster.Tap.FindStart(end.Run)!.RunId, waiting.Sequence, Name)),
                };
                end.Outcome = await CallAsync(end, submissions => submissions.PostAsync(end.Message, default));
                break;
            case QueueOp queue:
                await PatientAsync(_ => QueueChanges.MakeAsync(Store, _patience, queue.Change, default));
                Store.Wakeups.Wake();
                break;
            case WorkerOp order:
                await OrderAsync(order);
                break;
            case PurgeOp:
                await PurgeAsync();
                break;
            case WatchOp watch:
                await WatchAsync(watch);
                break;
            case PostOp post:
                post.Message ??= await MessageAsync(post);
                post.Outcome = await CallAsync(post, submissions => submissions.PostAsync(post.Message, default));
                break;
        }
    }

    private async Task StartManyAsync(StartManyOp many)
    {
        var births = new RunBirth[many.Starts.Count];
        for (var i = 0; i < births.Length; i++)
        {
            var start = many.Starts[i];
            births[i] = start.Birth ??= await BirthAsync(start);
            start.InvokeOrder = many.InvokeOrder;
            _cluster.Tap.Expect(start);
            _cluster.Poison.Know(births[i].Key, start.Run);
            Log.Add(start);
        }
        var outcomes = await CallAsync(many, submissions => submissions.StartAsync(births, default));
        var answered = _cluster.World.NextOrder();
        for (var i = 0; i < births.Length; i++) (many.Starts[i].Outcome, many.Starts[i].AckOrder) = (outcomes[i], answered);
    }

    /// <summary>What became of the signal is written down as if it had been sent by itself.</summary>
    private async Task StartWithSignalAsync(StartOp start)
    {
        start.Message ??= new OutgoingMessage
        {
            Id = _random.NextGuid().ToString("N"), Kind = MessageKind.Signal, Name = start.Signal!,
            Payload = start.Keeps is { } schedule ? ScheduleWork.Payload(new ScheduleCommand { Verb = ScheduleVerb.Define, Definition = schedule }) : PayloadCodec.Default.Serialize($"{Name}-{start.InvokeOrder}"),
        };
        var started = await CallAsync(start, submissions => submissions.StartAsync(start.Birth!, start.Message, default));
        start.Outcome = started.Birth;
        if (started.Signal is not { } sent) return;
        Log.Add(new PostOp
        {
            Run = start.Run, Kind = MessageKind.Signal, Name = start.Signal!, Message = start.Message with { RunId = start.RunId }, Outcome = sent,
            InvokeOrder = start.InvokeOrder, AckOrder = _cluster.World.NextOrder(),
        });
    }

    private async Task<RunBirth> BirthAsync(StartOp start)
    {
        var (key, now) = await PatientAsync(_ => _rows.ReserveAsync(default).AsTask());
        var codec = PayloadCodec.Default;
        var input = start.Keeps is { } schedule ? codec.Serialize(schedule.Name) : codec.Serialize(start.Program);
        var (workflow, queue) = start.Keeps is null ? (start.IsPipeline ? PipelineWork.WorkflowName : Interpreter.WorkflowName, PerdureDefaults.Queue) : (ScheduleWorkflow.Name, ScheduleWorkflow.Queue);
        var due = now.Add(TimeSpan.FromMilliseconds(start.DelayMs));
        var writer = new ByteWriter();
        EventCodec.Write(writer, new EventRecord { Kind = EventKind.WorkflowStarted, Attempt = 1, At = now, Data = input }, 0);
        return new RunBirth
        {
            Key = key, Id = start.ChosenId ?? _random.NextGuid().ToString("N"), ChosenId = start.ChosenId is not null,
            Workflow = workflow, Version = start.Version, Build = start.Build, Queue = queue, CreatedAt = now, DueAt = due, StartKey = start.StartKey, KeyFreeAt = start.KeyTtlMs == 0 ? Instant.Never : now.Add(TimeSpan.FromMilliseconds(start.KeyTtlMs)), ConcurrencyKey = start.ConcurrencyKey,
            StartDeadline = start.StartWithinMs == 0 ? Instant.Never : due.Add(TimeSpan.FromMilliseconds(start.StartWithinMs)),
            Deadline = start.RunTimeoutMs == 0 ? Instant.Never : due.Add(TimeSpan.FromMilliseconds(start.RunTimeoutMs)),
            InputHash = InputHash.Of(input).ToArray(), Input = input, MaxCrashes = start.MaxCrashes, EngineSemantics = Formats.ReplayRules.Current,
            Options = new RunSettings { Retry = start.Attempts == 1 ? null : new RetryPolicy { MaxAttempts = start.Attempts, InitialDelay = TimeSpan.FromMilliseconds(100) } }.Write(),
            Events = new EventBatch(0, 1, writer.Detach()),
        };
    }

    private async Task<OutgoingMessage> MessageAsync(PostOp post)
    {
        // Whoever sends to a run knows its id: from its own start or from another's.
        while (_cluster.Tap.FindStart(post.Run) is null) await Task.Delay(TimeSpan.FromMilliseconds(5), _time);
        return new OutgoingMessage
        {
            RunId = _cluster.Tap.FindStart(post.Run)!.RunId, Id = _random.NextGuid().ToString("N"), Kind = post.Kind, Name = post.Name,
            Payload = post.Kind switch
            {
                MessageKind.Signal when post.Command is { } command => ScheduleWork.Payload(command),
                MessageKind.Signal => PayloadCodec.Default.Serialize($"{Name}-{post.InvokeOrder}"),
                MessageKind.Cancel or MessageKind.Terminate =>
                    RunJson.Write(new CancelRequest("the client asked", Grace: post.GraceMs == 0 ? null : TimeSpan.FromMilliseconds(post.GraceMs))),
                MessageKind.Pause when post.Interrupt => RunJson.Write(new PauseOrder("the client asked", By: null, Interrupt: true)),
                _ => default,
            },
        };
    }

    private async Task WatchAsync(WatchOp watch)
    {
        while (_cluster.Tap.FindStart(watch.Run) is null) await Task.Delay(TimeSpan.FromMilliseconds(5), _time);
        using var end = new CancellationTokenSource(TimeSpan.FromMilliseconds(watch.PatienceMs), _time);
        var follower = new RunFollower(Store, _patience, _rows.WatchNews);
        try
        {
            await PatientAsync(async _ =>
            {
                var next = watch.Given.Count == 0 ? 0 : watch.Given[^1].Sequence + 1;
                await foreach (var news in follower.FollowAsync(_cluster.Tap.FindStart(watch.Run)!.RunId, next, end.Token)) watch.Given.AddRange(news);
                return watch.ReachedTheEnd = true;
            });
        }
        catch (Exception e) when (e is OperationCanceledException or RunNotFoundException)
        {
            // Its time is over, or the start of the run is not durable yet.
        }
    }

    private async Task OrderAsync(WorkerOp order)
    {
        var workers = await PatientAsync(_ => _patience.RepeatAsync(Store.ListWorkersAsync, default));
        if (workers.Count == 0) return;
        if (order.Pauses is { } place) workers = [workers[place % workers.Count]];
        foreach (var worker in workers)
        {
            var change = new WorkerChange(worker.Worker, order.Pauses is not null) { By = order.Pauses is null ? null : Name };
            await PatientAsync(_ => WorkerChanges.MakeAsync(Store, _patience, change, default));
        }
        Store.Wakeups.Wake();
    }

    /// <summary>As the real client does: what waits and was not begun is told to stop, or withdrawn.</summary>
    private async Task PurgeAsync()
    {
        await PurgeRunsAsync();
        var query = new TaskQuery(PerdureDefaults.Queue) { Limit = 2 };
        while (await PatientAsync(_ => _patience.RepeatAsync(token => Store.ListTasksAsync(query, token), default)) is { Count: > 0 } page)
        {
            var withdrawals = page.Select(static task => TaskWithdrawal.Of(task, "the queue is purged")).ToList();
            await PatientAsync(_ => _patience.RepeatAsync(token => Store.WithdrawTasksAsync(withdrawals, token), default));
            Store.Wakeups.Wake();
            query = query with { After = page[^1].Last };
        }
    }

    private async Task PurgeRunsAsync()
    {
        var (_, now) = await PatientAsync(_ => _rows.ReserveAsync(default).AsTask());
        var query = new RunQuery { Queue = PerdureDefaults.Queue, Statuses = [RunStatus.Pending], Limit = 100 };
        var page = await PatientAsync(_ => _patience.RepeatAsync(token => Store.ListRunsAsync(query, token), default));
        foreach (var run in page.Runs.Where(run => run.DueAt <= now))
        {
            var told = new PostOp
            {
                Run = _cluster.Tap.Starts.First(start => start.Birth?.Id == run.Id).Run, Kind = MessageKind.Cancel, InvokeOrder = _cluster.World.NextOrder(),
                Message = new OutgoingMessage { RunId = run.Id, Id = _random.NextGuid().ToString("N"), Kind = MessageKind.Cancel, Payload = RunJson.Write(new CancelRequest("the queue is purged")) },
            };
            Log.Add(told);
            told.Outcome = (await PatientAsync(_ => _patience.RepeatAsync(token => Store.PostMessagesAsync([told.Message], token), default)))[0];
            told.AckOrder = _cluster.World.NextOrder();
        }
        Store.Wakeups.Wake();
    }

    /// <summary>The event that began a wait that is open; null if there is none for long.</summary>
    private async Task<EventRecord?> WaitingAsync(EndWaitOp end)
    {
        for (var waited = 0; waited < end.PatienceMs; waited += 10)
        {
            if (_cluster.Tap.FindStart(end.Run) is { } start)
            {
                var row = await PatientAsync(_ => _patience.RepeatAsync(token => Store.ReadRunAsync(new RunSelector(Id: start.RunId), token), default));
                if (row is not null)
                {
                    var batches = await PatientAsync(_ => _patience.RepeatAsync(token => Store.ReadHistoryAsync(row.Key, 0, token), default));
                    var open = OpenWaits.All(EventCodec.ReadAll(batches, out var _)).Where(wait => end.Name is null || wait.Name == end.Name).ToList();
                    if (open.Count > 0) return open[_random.Next(open.Count)];
                }
            }
            await Task.Delay(TimeSpan.FromMilliseconds(10), _time);
        }
        return null;
    }

    /// <summary>The run once it has ended without a result; null if it does not.</summary>
    private async Task<RunRecord?> EndedAsync(RetryOp retry)
    {
        for (var waited = 0; waited < retry.PatienceMs; waited += 200)
        {
            if (_cluster.Tap.FindStart(retry.Run) is { } start && await PatientAsync(_ => _patience.RepeatAsync(token => Store.ReadRunAsync(new RunSelector(Id: start.RunId), token), default)) is { } row
                && row.Status.IsTerminal())
                return row.Status is RunStatus.Completed ? null : row;
            await Task.Delay(TimeSpan.FromMilliseconds(200), _time);
        }
        return null;
    }

    /// <summary>Through a worker process if asked for and possible, else (and whenever that goes wrong) through rows, under the same ids.</summary>
    private Task<T> CallAsync<T>(ClientOp operation, Func<ISubmissions, Task<T>> call) => PatientAsync(tries =>
    {
        var up = _cluster.Nodes.Where(static node => node is { IsUp: true, IsPumped: false }).ToList();
        return tries == 0 && operation.InProcess && up.Count > 0 ? Inside(up[_random.Next(up.Count)], call) : call(_rows);
    });

    /// <summary>Calls into a worker process. If the process ends, the caller only sees that the connection broke.</summary>
    private Task<T> Inside<T>(SimNode node, Func<ISubmissions, Task<T>> call)
    {
        var answer = new TaskCompletionSource<T>();
        node.Submit(async submissions =>
        {
            try
            {
                var result = await call(submissions);
                _context.Post(_ => answer.TrySetResult(result), null);
            }
            catch (StoreException e)
            {
                _context.Post(_ => answer.TrySetException(e), null);
            }
        });
        Watch();
        return answer.Task;

        void Watch() => _cluster.World.After(TimeSpan.TicksPerSecond / 2, () =>
        {
            if (answer.Task.IsCompleted) return;
            if (node.IsDead) _context.Post(_ => answer.TrySetException(new StoreException(StoreFault.Unknown, "The process has ended.")), null);
            else Watch();
        });
    }

    private async Task<T> PatientAsync<T>(Func<int, Task<T>> call)
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                return await call(tries);
            }
            catch (StoreException e) when (e.Fault is StoreFault.Transient or StoreFault.Unknown)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), _time);
            }
        }
    }
}
