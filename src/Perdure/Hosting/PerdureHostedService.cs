using Microsoft.Extensions.Hosting;

namespace Perdure.Hosting;

/// <summary>
/// Ties the worker to its host: the store is made ready while the host starts, work is taken only once the application has started, and a stopping host first
/// lets bodies finish. The stop begins as soon as the host is asked to stop, not when the services that were added later have stopped: they may take long, and what
/// the worker began meanwhile would have no time left.
/// </summary>
internal sealed class PerdureHostedService(EngineHost engine, IHostApplicationLifetime? lifetime) : IHostedLifecycleService, IDisposable
{
    private readonly CancellationTokenSource _hurry = new();
    private readonly Lock _gate = new();
    private CancellationTokenRegistration _started;
    private CancellationTokenRegistration _stopping;
    private Task? _stop;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await engine.ReadyAsync(cancellationToken);
        if (lifetime is null) return;
        _started = lifetime.ApplicationStarted.Register(static engine => ((EngineHost)engine!).Work(), engine);
        // Fires with the signal. The calls below come from the thread pool, which may be busy.
        _stopping = lifetime.ApplicationStopping.Register(static service => ((PerdureHostedService)service!).BeginStop(), this);
    }

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        if (lifetime is null) engine.Work();
        return Task.CompletedTask;
    }

    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        BeginStop();
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _started.Dispose();
        _stopping.Dispose();
        await using var limit = cancellationToken.UnsafeRegister(static hurry => ((CancellationTokenSource)hurry!).Cancel(), _hurry);
        await BeginStop();
        // Whoever asks for a run that is not recorded gets it until now: nobody else can do it.
        await engine.StopAsync(_hurry.Token);
    }

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _hurry.Dispose();

    /// <summary>The stop of the worker, which begins with the first call.</summary>
    private Task BeginStop()
    {
        lock (_gate) return _stop ??= engine.StopWorkerAsync(_hurry.Token);
    }
}
