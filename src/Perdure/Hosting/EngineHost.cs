using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Perdure.Authoring;
using Perdure.Client;
using Perdure.Journal;
using Perdure.Runtime;
using Perdure.Schedules;
using Perdure.Storage;
using Perdure.Worker;

namespace Perdure.Hosting;

/// <summary>
/// An engine of this process, put together: the store, the client, and the worker if there is one. Owns the store. Thread safe.
/// </summary>
internal sealed class EngineHost : IAsyncDisposable, IDisposable
{
    private readonly PerdureOptions _options;
    private readonly Patience _patience;
    private readonly WorkerNode? _node;
    private readonly WorkerParts? _parts;
    private readonly ScheduleRegistrar? _registrar;
    private readonly Lazy<TransientEngine>? _transient;
    private readonly CancellationTokenSource _stopping = new();
    private readonly SynchronizationContext? _home;
    private readonly SemaphoreSlim _initializing = new(1);
    private readonly bool _mayMigrate;
    private readonly Lock _gate = new();
    private State _state;
    private bool _hasRegistered;
    private volatile bool _isReady;

    private enum State
    {
        Idle,
        Working,
        Stopped,
    }

    public EngineHost(IServiceProvider services, PerdureSetup setup, PerdureOptions options, TimeProvider clock, IEntropy entropy, IEngineScheduler scheduler)
    {
        _options = options;
        _patience = new Patience(clock);
        _home = scheduler.Home;
        Store = setup.CreateStore(services);
        _mayMigrate = _options.AutoMigrate ?? (Store.MigratesUnasked || HostEnvironments.IsDevelopment(services));
        var codec = new PayloadCodec(_options.Json, [.. _options.JsonContexts])
        {
            KeepsStacks = _options.StoreStackTraces ?? services.GetService<IHostEnvironment>()?.IsDevelopment() == true,
        };
        setup.Workflows.AddBuiltIn(ScheduleWorkflow.Describe());
        setup.Workflows.Name(new CodeBuild(_options.BuildId, [.. _options.TakesOverBuilds]));
        ISubmissions submissions;
        var logs = services.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance;
        var log = new EngineLog(logs.CreateLogger("Perdure.Worker"));
        var settings = _options.ToSettings();
        var kit = KitOf(services, setup, codec, entropy, logs, settings);
        if (setup.HasWorker)
        {
            _parts = new WorkerParts
            {
                Store = Store, Clock = clock, Entropy = entropy, Scheduler = scheduler, Workflows = setup.Workflows, Activities = setup.Activities, Kit = kit, Log = log,
                Scopes = services.GetService<IServiceScopeFactory>(), Settings = settings,
            };
            if (_options.Runtime == PerdureRuntime.InProcess) _node = new WorkerNode(_parts);
        }
        submissions = _node is not null
            ? new JournalSubmissions(_node, _parts!, new StoreSubmissions(Store, new KeyBlocks(Store, _node.StoreClock), clock))
            : new StoreSubmissions(Store, new KeyBlocks(Store, new StoreClock(clock)), clock);
        var client = new ClientParts
        {
            Store = Store, Submissions = submissions, Workflows = setup.Workflows, Codec = codec, Clock = clock, NewRunId = entropy.NewRunId,
            NewMessageId = entropy.NewId, ReadyAsync = ReadyAsync, Home = _home,
            Code = new CodeReplay(setup.Workflows, kit,
                token => HookSecrets.FindAsync(settings, entropy, (name, candidate) => _patience.RepeatAsync(call => Store.KeepAsync(name, candidate, call), token))),
            DriveAsync = _options.Runtime == PerdureRuntime.Manual && setup.HasWorker ? (run, token) => WorkOnceAsync(run, TimeSpan.MaxValue, token) : null,
        };
        if (_parts is not null) _transient = new Lazy<TransientEngine>(() => new TransientEngine(_parts, client));
        Client = new PerdureClient(client with { DefaultDurable = _options.DefaultDurable, Transient = TransientClient });
        if (_parts is not null) _registrar = new ScheduleRegistrar((ScheduleClient)Client.Schedules, setup.ScheduleDefinitions(codec), clock, log);
    }

    public IPerdureStore Store { get; }

    public IPerdureClient Client { get; }

    public bool HasWorker => _parts is not null;

    /// <summary>Completes when the store is ready; makes it so once, whoever comes first.</summary>
    public ValueTask ReadyAsync(CancellationToken cancellationToken) => _isReady ? ValueTask.CompletedTask : new ValueTask(InitializeAsync(cancellationToken));

    /// <summary>Lets the worker begin to take work. Returns at once; nothing happens the second time.</summary>
    public void Work()
    {
        lock (_gate)
        {
            if (_state != State.Idle || _node is null) return;
            _state = State.Working;
        }
        using var home = new HomeScope(_home);
        _node.Start();
        _ = _registrar!.RunAsync(_stopping.Token);
    }

    /// <summary>Works for a while on request.</summary>
    /// <exception cref="InvalidOptionException">There is a worker that works by itself, or none at all.</exception>
    public async Task<(int Taken, Instant NextDue)> WorkOnceAsync(string? runId, TimeSpan budget, CancellationToken cancellationToken)
    {
        if (_parts is null || _node is not null)
            throw new InvalidOptionException("PerdureOptions.Runtime",
                _parts is null ? "A process with AddPerdureClient alone takes no work." : "The worker of this process works by itself. Set Runtime to Pump, or leave the pump alone.");
        await ReadyAsync(cancellationToken);
        // The first call brings in the schedules of the program, as the start of a worker does.
        if (Interlocked.Exchange(ref _hasRegistered, true) == false) await _registrar!.RunAsync(cancellationToken);
        return await new WorkRound(_parts).RunAsync(runId, budget, cancellationToken);
    }

    /// <summary>Stops the worker, and the engine of runs that are not recorded: bodies get their time, at most until <paramref name="hurry"/> fires, then everything is given back.</summary>
    public Task StopAsync(CancellationToken hurry)
    {
        var worker = StopWorkerAsync(hurry);
        using var home = new HomeScope(_home);
        return _transient is { IsValueCreated: true } ? Task.WhenAll(worker, _transient.Value.StopAsync(hurry)) : worker;
    }

    /// <summary>Stops the worker. Before the call returns, it takes nothing and begins nothing any more. Nothing happens the second time.</summary>
    public Task StopWorkerAsync(CancellationToken hurry)
    {
        bool worked;
        lock (_gate)
        {
            worked = _state == State.Working;
            _state = State.Stopped;
        }
        using var home = new HomeScope(_home);
        var stop = worked ? _node!.StopAsync(_options.ShutdownGrace, hurry) : Task.CompletedTask;
        _stopping.Cancel();
        return stop;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(new CancellationToken(canceled: true));
        await Store.DisposeAsync();
        _initializing.Dispose();
        _stopping.Dispose();
    }

    // A provider that is disposed without await still closes the store.
    public void Dispose()
    {
        using var home = new HomeScope(null);
        DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    /// <summary>The client of runs that are not recorded; their engine begins with the first of them.</summary>
    /// <exception cref="NotDurableException">This process takes no work.</exception>
    private PerdureClient TransientClient() => _transient?.Value.Client
        ?? throw new NotDurableException("a process with AddPerdureClient runs no workflow code. Use AddPerdure, or start it without Transient.");

    private RuntimeKit KitOf(IServiceProvider services, PerdureSetup setup, PayloadCodec codec, IEntropy entropy, ILoggerFactory logs, WorkerSettings settings) =>
        new(codec, setup.Activities, services, entropy.NextJitter, logs.CreateLogger("Perdure.Workflow"), settings.HistoryLimit)
        {
            HistoryWarning = _options.HistoryWarning, HistoryWarningEvery = _options.HistoryWarningEvery, Retry = _options.DefaultRetry, Workflows = setup.Workflows,
            StatusOf = (run, token) => RunStatuses.ReadAsync(Store, _patience, run, token),
        };

    private async Task InitializeAsync(CancellationToken cancellationToken)
    {
        await _initializing.WaitAsync(cancellationToken);
        try
        {
            if (_isReady) return;
            await _patience.RepeatAsync(async token =>
            {
                await Store.InitializeAsync(_mayMigrate, token);
                return true;
            }, cancellationToken);
            _isReady = true;
        }
        finally
        {
            _initializing.Release();
        }
    }
}
