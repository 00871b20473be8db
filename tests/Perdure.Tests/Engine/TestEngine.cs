using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Perdure.Hosting;
using Perdure.Storage;
using Perdure.Testing.Shared;

namespace Perdure.Tests.Engine;

/// <summary>An engine as an application has it, through dependency injection, on a store and a clock that the test holds.</summary>
internal sealed class TestEngine : IAsyncDisposable
{
    /// <summary>The lease of an engine that can be killed.</summary>
    public static readonly TimeSpan MortalLease = TimeSpan.FromMinutes(1);

    private readonly ServiceProvider _services;
    private readonly TestStore _store;
    private readonly bool _ownsStore;
    private readonly Lifeline? _lifeline;
    private PerdureEngine? _engine;
    private bool _stopping;

    private TestEngine(TestStore store, bool ownsStore, Action<IPerdureBuilder> configure, Action<PerdureOptions>? options, bool worker, Lifeline? lifeline = null,
        Func<IPerdureStore, IPerdureStore>? wrap = null)
    {
        (_store, _ownsStore, _lifeline) = (store, ownsStore, lifeline);
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(store.Clock);
        // These tests jump over hours; what a lease that runs out means is tested over processes and in the simulator.
        var builder = worker ? services.AddPerdure(static o => (o.Lease, o.ResumeFittingRuns) = (TimeSpan.FromDays(30), false)) : services.AddPerdureClient();
        services.Configure<PerdureOptions>(static o => o.AutoMigrate = true);
        if (options is not null) services.Configure(options);
        if (lifeline is null) store.Use(builder, wrap);
        else
        {
            services.Configure<PerdureOptions>(static o => o.Lease = MortalLease);
            store.Use(builder, lifeline.On);
        }
        AddPass(builder);
        configure(builder);
        _services = services.BuildServiceProvider();
    }

    public IPerdureClient Client => _services.GetRequiredService<IPerdureClient>();

    public IPerdurePump Pump => _services.GetRequiredService<IPerdurePump>();

    public ManualClock Clock => _store.Clock;

    public IPerdureStore Store => _services.GetRequiredService<EngineHost>().Store;

    /// <summary>An engine with a store of its own.</summary>
    public static Task<TestEngine> StartAsync(StoreKind kind, Action<IPerdureBuilder> configure, Action<PerdureOptions>? options = null) =>
        StartAsync(new TestStore(kind), configure, options, ownsStore: true);

    /// <summary>An engine on a store that the test keeps.</summary>
    public static async Task<TestEngine> StartAsync(
        TestStore store, Action<IPerdureBuilder> configure, Action<PerdureOptions>? options = null, bool ownsStore = false)
    {
        var engine = new TestEngine(store, ownsStore, configure, options, worker: true);
        engine._engine = await PerdureEngine.StartAsync(engine._services);
        return engine;
    }

    /// <summary>An engine that can be killed. Its lease is <see cref="MortalLease"/>: less than that passes while it lives.</summary>
    public static async Task<TestEngine> StartMortalAsync(TestStore store, Action<IPerdureBuilder> configure, Action<PerdureOptions>? options = null)
    {
        var engine = new TestEngine(store, ownsStore: false, configure, options, worker: true, new Lifeline());
        engine._engine = await PerdureEngine.StartAsync(engine._services);
        return engine;
    }

    /// <summary>What ties an engine that can be killed to its store.</summary>
    public Lifeline Lifeline => _lifeline ?? throw new InvalidOperationException("This engine was not started as one that can be killed.");

    /// <summary>The engine is gone as if its process had died, and its lease has run out. What its bodies do from now on reaches nobody.</summary>
    public async Task KillAsync()
    {
        Lifeline.Cut();
        await DisposeAsync();
        Clock.Advance(MortalLease + TimeSpan.FromSeconds(1));
    }

    /// <summary>A process that only starts and asks.</summary>
    /// <param name="store">The store.</param>
    /// <param name="configure">What it has; null for no code.</param>
    /// <param name="wrap">Stands between it and the store.</param>
    public static TestEngine ClientOnly(TestStore store, Action<IPerdureBuilder>? configure = null, Func<IPerdureStore, IPerdureStore>? wrap = null) =>
        new(store, ownsStore: false, configure ?? (static _ => { }), options: null, worker: false, wrap: wrap);

    /// <summary>Lets time pass and shows that the worker has seen it: a run that was started afterwards has completed.</summary>
    public async Task AdvanceAsync(TimeSpan time)
    {
        Clock.Advance(time);
        await PassAsync();
    }

    /// <summary>Waits until the worker has served a whole run; what was due before is under way then.</summary>
    public async Task PassAsync()
    {
        var pass = Client.RunAsync(Pass, default).Soon();
        // A call that the store did not take at once is repeated after a time that passes only here.
        while (await Task.WhenAny(pass, Task.Delay(TimeSpan.FromMilliseconds(250))) != pass) Clock.Advance(TimeSpan.FromMilliseconds(100));
        await pass;
    }

    /// <summary>
    /// Waits while time trickles, a millisecond at a time at first. A loop that reads the clock just before the test moves it sets its timer too late by
    /// that much; the trickle brings it there, as real time would. What a hundred steps of a worker that keeps up did not bring about gets larger steps.
    /// </summary>
    public async Task<T> TrickleAsync<T>(Task<T> task)
    {
        var limit = Task.Delay(TimeSpan.FromSeconds(60));
        var step = TimeSpan.FromMilliseconds(1);
        for (var steps = 1; !task.IsCompleted; steps++)
        {
            Clock.Advance(step);
            if (await Task.WhenAny(task, Task.Delay(1), limit) == limit) throw new TimeoutException("It did not come about.");
            if (steps % 100 != 0) continue;
            // Hints may come at any time; this one finds what is due in the store although a loop sleeps over it.
            Store.Wakeups.Wake();
            if (step < TimeSpan.FromHours(1) && await KeepsUpAsync(task)) step *= 2;
        }
        return await task;
    }

    /// <inheritdoc cref="TrickleAsync{T}(Task{T})"/>
    public async Task TrickleAsync(Task task) => await TrickleAsync(Wrap(task));

    /// <summary>Whether it is time that is missing, and not the machine that is slow: a whole run is served.</summary>
    private async Task<bool> KeepsUpAsync(Task waitedFor)
    {
        if (_engine is null || _stopping || _services.GetRequiredService<IOptions<PerdureOptions>>().Value.Runtime != PerdureRuntime.InProcess) return true;
        var pass = Client.RunAsync(Pass, default);
        await Task.WhenAny(pass, waitedFor, Task.Delay(TimeSpan.FromMilliseconds(250)));
        return pass.IsCompletedSuccessfully;
    }

    private static async Task<bool> Wrap(Task task)
    {
        await task;
        return true;
    }

    /// <summary>Lets time pass in small steps until something has come true.</summary>
    public async Task AdvanceUntilAsync(Func<Task<bool>> condition, TimeSpan step)
    {
        for (var i = 0; i < 10_000; i++)
        {
            if (await condition()) return;
            await AdvanceAsync(step);
        }
        throw new TimeoutException("However much time passed, it did not come true.");
    }

    public async Task StopAsync()
    {
        _stopping = true;
        if (_engine is not null) await TrickleAsync(_engine.DisposeAsync().AsTask());
    }

    public async ValueTask DisposeAsync()
    {
        // A test that failed may have left bodies that never end: nothing is waited for.
        if (_engine is not null) await _engine.StopAsync(new CancellationToken(canceled: true)).Soon();
        await _services.DisposeAsync().AsTask().Soon();
        if (_ownsStore) _store.Dispose();
    }

    /// <summary>A workflow that every worker of these tests has, to see that it works.</summary>
    public static readonly WorkflowDefinition<Unit, int> Pass = new("test-pass");

    private static void AddPass(IPerdureBuilder builder) => builder.AddWorkflow(Pass, static (ctx, _) => ctx.StepAsync("pass", static () => Task.FromResult(1)));
}
