using Microsoft.Extensions.Hosting;

namespace Perdure.Hosting;

/// <summary>
/// Ties the worker to its host: the store is made ready while the host starts, work is taken only once the application has started, and a stopping host first
/// lets bodies finish.
/// </summary>
internal sealed class PerdureHostedService(EngineHost engine, IHostApplicationLifetime? lifetime) : IHostedLifecycleService
{
    private CancellationTokenRegistration _started;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await engine.ReadyAsync(cancellationToken);
        if (lifetime is not null) _started = lifetime.ApplicationStarted.Register(static engine => ((EngineHost)engine!).Work(), engine);
    }

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        if (lifetime is null) engine.Work();
        return Task.CompletedTask;
    }

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken)
    {
        _started.Dispose();
        return engine.StopAsync(cancellationToken);
    }

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
