using System.Text.Json;
using Perdure.Authoring;
using Perdure.Storage;

namespace Perdure.Client;

/// <summary>
/// The client over a store and a way to reach it. Every public method begins in the engine's own context; the work is in the private ones.
/// Thread safe.
/// </summary>
/// <remarks>This file starts runs and waits for them; <c>.Reading</c> asks about them; <c>.Acts</c> acts on them.</remarks>
internal sealed partial class PerdureClient : IPerdureClient
{
    /// <summary>Lost keys are met once in a lifetime; a second collision is another fault.</summary>
    private const int StartTries = 3;

    private readonly ClientParts _parts;
    private readonly Patience _patience;
    private readonly RunWaiter _waiter;
    private readonly WorkerClient _workers;

    public PerdureClient(ClientParts parts)
    {
        _parts = parts;
        _patience = new Patience(parts.Clock);
        _waiter = new RunWaiter(parts, _patience);
        Queues = new QueueClient(parts, _patience);
        _workers = new WorkerClient(parts, _patience);
        Schedules = new ScheduleClient(this, parts.Workflows, parts.Codec);
    }

    public IScheduleClient Schedules { get; }

    public IQueueClient Queues { get; }

    public IWorkerClient Workers => _workers;

    public Task<RunHandle<TOut>> StartAsync<TIn, TOut>(
        WorkflowDefinition<TIn, TOut> workflow, TIn input, StartOptions? options, CancellationToken cancellationToken)
    {
        using var home = Home();
        var request = StartRequest.For(workflow, input, options, _parts.Workflows, _parts.Codec);
        var client = ClientOf(ref request);
        return client.HandleOf<TOut>(client.StartAsync(request, cancellationToken));
    }

    public Task<RunHandle> StartAsync<TIn>(WorkflowDefinition<TIn> workflow, TIn input, StartOptions? options, CancellationToken cancellationToken)
    {
        using var home = Home();
        var request = StartRequest.For(workflow, input, options, _parts.Workflows, _parts.Codec);
        var client = ClientOf(ref request);
        return client.HandleOf(client.StartAsync(request, cancellationToken));
    }

    public Task<RunHandle> StartAsync(string workflow, object? input, StartOptions? options, CancellationToken cancellationToken)
    {
        using var home = Home();
        var request = StartRequest.ByName(workflow, input, options, _parts.Workflows, _parts.Codec);
        var client = ClientOf(ref request);
        return client.HandleOf(client.StartAsync(request, cancellationToken));
    }

    public Task<TOut> RunAsync<TIn, TOut>(
        WorkflowDefinition<TIn, TOut> workflow, TIn input, StartOptions? options, CancellationToken cancellationToken)
    {
        using var home = Home();
        var request = StartRequest.For(workflow, input, options, _parts.Workflows, _parts.Codec);
        return ClientOf(ref request).RunCoreAsync<TOut>(request, cancellationToken);
    }

    public Task RunAsync<TIn>(WorkflowDefinition<TIn> workflow, TIn input, StartOptions? options, CancellationToken cancellationToken)
    {
        using var home = Home();
        var request = StartRequest.For(workflow, input, options, _parts.Workflows, _parts.Codec);
        return ClientOf(ref request).RunCoreAsync<JsonElement>(request, cancellationToken);
    }

    public RunHandle Handle(string runId)
    {
        Names.ValidateRunId(runId);
        return new RunHandle(this, runId, wasCreated: false, isPurged: false);
    }

    public RunHandle<TOut> Handle<TOut>(string runId)
    {
        Names.ValidateRunId(runId);
        return new RunHandle<TOut>(this, runId, wasCreated: false, isPurged: false);
    }

    /// <summary>The result of a run.</summary>
    public Task<T> ResultAsync<T>(string runId, TimeSpan? timeout, bool throwIfBlocked, CancellationToken cancellationToken)
    {
        using var home = Home();
        return ResultCoreAsync<T>(runId, timeout, throwIfBlocked, cancellationToken);
    }

    /// <summary>The end of a run.</summary>
    public Task WaitAsync(string runId, TimeSpan? timeout, bool throwIfBlocked, CancellationToken cancellationToken)
    {
        using var home = Home();
        return WaitCoreAsync(runId, timeout, throwIfBlocked, cancellationToken);
    }

    /// <summary>Whose run it is: this client's, or, when it is not recorded, that of the client which lives in this process alone.</summary>
    /// <exception cref="NotDurableException">It is not recorded, and asks for another process.</exception>
    private PerdureClient ClientOf(ref StartRequest request)
    {
        if (_parts.Transient is not { } transient || (request.Options.Durable ?? _parts.DefaultDurable)) return this;
        if (request.Start.AllowRemote && _parts.Workflows.FindLatest(request.Workflow) is null)
            throw new NotDurableException($"no other process can run the workflow '{request.Workflow}'. Register it here, or start it without Transient.");
        // There is nobody whose queues it could wait on.
        request = request with { Options = request.Options with { Queue = null } };
        return transient();
    }

    private HomeScope Home() => new(_parts.Home);

    private async Task<BirthOutcome> StartAsync(StartRequest request, CancellationToken cancellationToken)
    {
        await _parts.ReadyAsync(cancellationToken);
        var outcome = Accept(request, await BearAsync(request, _parts.Submissions.StartAsync, cancellationToken));
        if (_parts.DriveAsync is { } drive && outcome.Verdict == BirthVerdict.Created) await drive(outcome.Id!, cancellationToken);
        return outcome;
    }

    /// <summary>Lets a run be born. Its id is made before the first try, so a repeated call is the same start.</summary>
    private async Task<T> BearAsync<T>(StartRequest request, Func<RunBirth, CancellationToken, Task<T>> bear, CancellationToken cancellationToken)
    {
        string? id = request.Start.Id;
        for (var tries = 1; ; tries++)
        {
            var (key, now) = await _parts.Submissions.ReserveAsync(cancellationToken);
            id ??= _parts.NewRunId(now.ToDateTimeOffset()).ToString("N");
            try
            {
                return await bear(BirthBuilder.Build(request, id, key, now), cancellationToken);
            }
            catch (StoreException e) when (e.Fault == StoreFault.Data && tries < StartTries)
            {
                // Certainly not written. If the key was taken (a store restored from a backup hands out old ones), another block helps.
                _parts.Submissions.DiscardKeys();
            }
        }
    }

    private static BirthOutcome Accept(StartRequest request, in BirthOutcome outcome) => Refusal(request, outcome) is { } refusal ? throw refusal : outcome;

    /// <summary>Why a start was not made; null if it was, or found the run that it asked for.</summary>
    private static PerdureException? Refusal(StartRequest request, in BirthOutcome outcome) => outcome.Verdict switch
    {
        BirthVerdict.KeyConflict => new KeyConflictException(request.Name, outcome.Id!),
        BirthVerdict.AlreadyExists => new AlreadyExistsException(request.Name, outcome.Id!),
        _ => null,
    };

    private async Task<RunHandle> HandleOf(Task<BirthOutcome> start)
    {
        var outcome = await start;
        return new RunHandle(this, outcome.Id!, outcome.Verdict == BirthVerdict.Created, outcome.Status is null);
    }

    private async Task<RunHandle<TOut>> HandleOf<TOut>(Task<BirthOutcome> start)
    {
        var outcome = await start;
        return new RunHandle<TOut>(this, outcome.Id!, outcome.Verdict == BirthVerdict.Created, outcome.Status is null);
    }

    private async Task<TOut> RunCoreAsync<TOut>(StartRequest request, CancellationToken cancellationToken)
    {
        var outcome = await StartAsync(request, cancellationToken);
        return await ResultCoreAsync<TOut>(outcome.Id!, timeout: null, throwIfBlocked: false, cancellationToken);
    }

    private async Task<T> ResultCoreAsync<T>(string runId, TimeSpan? timeout, bool throwIfBlocked, CancellationToken cancellationToken)
    {
        await _parts.ReadyAsync(cancellationToken);
        var end = await _waiter.WaitAsync(runId, timeout, throwIfBlocked, cancellationToken);
        return end.Unwrap<T>(_parts.Codec);
    }

    private async Task WaitCoreAsync(string runId, TimeSpan? timeout, bool throwIfBlocked, CancellationToken cancellationToken)
    {
        await _parts.ReadyAsync(cancellationToken);
        var end = await _waiter.WaitAsync(runId, timeout, throwIfBlocked, cancellationToken);
        end.Check();
    }
}
