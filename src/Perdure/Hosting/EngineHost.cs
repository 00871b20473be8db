using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
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
    private readonly ScheduleRegistrar? _registrar;
    private readonly CancellationTokenSource _stopping = new();
    private readonly SynchronizationContext? _home;
    private readonly SemaphoreSlim _initializing = new(1);
    private readonly Lock _gate = new();
    private State _state;
    private volatile bool _isReady;

    private enum State
    {
        Idle,
        Working,
        Stopped,
    }

    public EngineHost(IServiceProvider services, PerdureSetup setup, IOptions<PerdureOptions> options, TimeProvider clock, IEntropy entropy, IEngineScheduler scheduler)
    {
        _options = options.Value;
        _patience = new Patience(clock);
        _home = scheduler.Home;
        Store = setup.CreateStore(services);
        var codec = new PayloadCodec(_options.Json, [.. _options.JsonContexts])
        {
            KeepsStacks = _options.StoreStackTraces ?? services.GetService<IHostEnvironment>()?.IsDevelopment() == true,
        };
        setup.Workflows.AddBuiltIn(ScheduleWorkflow.Describe());
        ISubmissions submissions;
        var logs = services.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance;
        var log = new EngineLog(logs.CreateLogger("Perdure.Worker"));
        if (setup.HasWorker)
        {
            var parts = PartsOf(services, setup, codec, clock, entropy, scheduler, logs, log);
            _node = new WorkerNode(parts);
            submissions = new JournalSubmissions(_node, parts, new StoreSubmissions(Store, new KeyBlocks(Store, _node.StoreClock), clock));
        }
        else submissions = new StoreSubmissions(Store, new KeyBlocks(Store, new StoreClock(clock)), clock);
        Client = new PerdureClient(new ClientParts
        {
            Store = Store, Submissions = submissions, Workflows = setup.Workflows, Codec = codec, Clock = clock, NewRunId = entropy.NewRunId,
            NewMessageId = entropy.NewId, ReadyAsync = ReadyAsync, Home = _home,
        });
        if (_node is not null) _registrar = new ScheduleRegistrar((ScheduleClient)Client.Schedules, setup.ScheduleDefinitions(codec), clock, log);
    }

    public IPerdureStore Store { get; }

    public IPerdureClient Client { get; }

    public bool HasWorker => _node is not null;

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

    /// <summary>Stops the worker: bodies get their time, at most until <paramref name="hurry"/> fires, then everything is given back.</summary>
    public Task StopAsync(CancellationToken hurry)
    {
        lock (_gate)
        {
            var worked = _state == State.Working;
            _state = State.Stopped;
            if (!worked) return Task.CompletedTask;
        }
        _stopping.Cancel();
        using var home = new HomeScope(_home);
        return _node!.StopAsync(_options.ShutdownGrace, hurry);
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

    private WorkerParts PartsOf(
        IServiceProvider services, PerdureSetup setup, PayloadCodec codec, TimeProvider clock, IEntropy entropy, IEngineScheduler scheduler, ILoggerFactory logs, EngineLog log)
    {
        var settings = _options.ToSettings();
        return new WorkerParts
        {
            Store = Store, Clock = clock, Entropy = entropy, Scheduler = scheduler, Workflows = setup.Workflows, Activities = setup.Activities,
            Kit = new RuntimeKit(codec, setup.Activities, services, entropy.NextJitter, logs.CreateLogger("Perdure.Workflow"), settings.HistoryLimit)
            {
                HistoryWarning = _options.HistoryWarning, HistoryWarningEvery = _options.HistoryWarningEvery, Workflows = setup.Workflows,
            },
            Log = log, Scopes = services.GetService<IServiceScopeFactory>(), Settings = settings,
        };
    }

    private async Task InitializeAsync(CancellationToken cancellationToken)
    {
        await _initializing.WaitAsync(cancellationToken);
        try
        {
            if (_isReady) return;
            await _patience.RepeatAsync(async token =>
            {
                await Store.InitializeAsync(_options.AutoMigrate, token);
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
