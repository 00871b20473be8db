using Perdure.Journal;
using Perdure.Runtime;
using Perdure.Storage;

namespace Perdure.Worker;

/// <summary>A worker process: registers, works, and registers anew when it was presumed dead. Thread safe.</summary>
internal sealed class WorkerNode
{
    private WorkerParts _parts;
    private readonly StoreCalls _calls;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private WorkerSession? _session;
    private Task _starting = Task.CompletedTask;
    private long _begunAt;
    private long _before;
    private int _failures;

    public WorkerNode(WorkerParts parts)
    {
        StoreClock = new StoreClock(parts.Clock);
        _parts = parts with { Kit = parts.Kit with { ClockError = () => StoreClock.Error } };
        _calls = new StoreCalls(parts.Clock, parts.Entropy.NextJitter, parts.Settings.StoreTimeout)
        {
            OnRetry = (failure, failures) => parts.Log.StoreRetry(failure.Fault, failures, failure.Message),
        };
    }

    public StoreClock StoreClock { get; }

    public RunEndings Endings { get; } = new();

    public RunNews News { get; } = new();

    /// <summary>The current registration, or null while there is none.</summary>
    public WorkerSession? Session
    {
        get
        {
            lock (_gate) return _session is { IsOver: false } session ? session : null;
        }
    }

    /// <summary>Set when the store can never be used again; the worker has stopped.</summary>
    public StoreException? Broken { get; private set; }

    /// <summary>Registers and begins to work. Returns at once; the store may be away for the moment.</summary>
    public void Start() => Start(failures: 0);

    private void Start(int failures)
    {
        lock (_gate) _starting = BeginAsync(failures);
    }

    /// <summary>Stops gracefully: bodies get <paramref name="grace"/>, or as long as <paramref name="hurry"/> has not fired; then everything is given back.</summary>
    public async Task StopAsync(TimeSpan grace, CancellationToken hurry = default)
    {
        // First of all, before anything that may take its time: no body begins once a stop has been asked for.
        Session?.TakeNothing();
        _stop.Cancel();
        WorkerSession? session;
        Task starting;
        lock (_gate) (starting, session) = (_starting, _session);
        // One that has begun in between: from here on it is either seen here, or sees the stop itself.
        session?.TakeNothing();
        try
        {
            await starting;
        }
        catch (OperationCanceledException)
        {
        }
        lock (_gate)
        {
            session = _session;
            _session = null;
        }
        if (session is not null) await session.StopAsync(grace, hurry);
    }

    private Task<HookTokens> FindHooksAsync() => HookSecrets.FindAsync(_parts.Settings, _parts.Entropy,
        (name, candidate) => _calls.UntilAnsweredAsync(token => _parts.Store.KeepAsync(name, candidate, token), _stop.Token));

    private async Task BeginAsync(int failures)
    {
        try
        {
            _stop.Token.ThrowIfCancellationRequested();
            if (failures > 0) await _calls.PauseAsync(failures, _stop.Token);
            _begunAt = _parts.Clock.GetTimestamp();
            // The id is made once: a repeated registration is the same registration.
            var registration = new WorkerRegistration(_parts.Entropy.NewId(), _parts.Settings.Name, Lanes: 1, _parts.Settings.Lease)
            {
                Activities = _parts.Activities.AllNames,
                Workflows = WorkerCode.Of(_parts.Workflows),
                Queues = _parts.Settings.AllQueues(),
                Before = _before,
            };
            // Any of the tries may be the one that the store took, and only that one began the lease.
            var registeredAt = _parts.Clock.GetTimestamp();
            var grant = await _calls.UntilAnsweredAsync(token => _parts.Store.RegisterWorkerAsync(registration, token), _stop.Token);
            StoreClock.Set(grant.Now, registeredAt);
            _before = grant.Worker;
            if (_parts.Kit.Hooks == HookTokens.None) _parts = _parts with { Kit = _parts.Kit with { Hooks = await FindHooksAsync() } };
            var session = new WorkerSession(_parts, StoreClock, Endings, grant.Worker, registeredAt)
            {
                News = News,
                OnFenced = _ => Restart(failures: 0),
                OnBroken = (_, reason) => Broken = reason,
                OnFailed = _ => Recover(),
            };
            _parts.Log.Registered(grant.Worker, _parts.Store.Name);
            session.Heed(grant.Orders);
            lock (_gate) _session = session;
            // The registration may have come through although somebody asked to stop meanwhile: then there is nothing to do but to be retired.
            if (_stop.IsCancellationRequested) session.TakeNothing();
            session.Start();
        }
        catch (StoreException e) when (e.Fault is StoreFault.Corrupt or StoreFault.Schema or StoreFault.InUse)
        {
            Broken = e;
            _parts.Log.StoreBroken(e.Message);
        }
        catch (Exception e) when (e is not OperationCanceledException || !_stop.IsCancellationRequested)
        {
            _parts.Log.WorkerFailed(0, "registration", 0, e);
            Recover();
        }
    }

    /// <summary>Begins anew after the engine itself failed: after a pause that grows while it goes on failing within its lease.</summary>
    private void Recover()
    {
        if (_parts.Clock.GetElapsedTime(_begunAt) > _parts.Settings.Lease) _failures = 0;
        Restart(++_failures);
    }

    private void Restart(int failures)
    {
        if (_stop.IsCancellationRequested) return;
        _parts.Scheduler.Post(static s =>
        {
            var (node, failures) = ((WorkerNode, int))s!;
            node.Start(failures);
        }, (this, failures));
    }
}
