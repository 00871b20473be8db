using Perdure.Torture.Records;
using Perdure.Torture.Rigs;

namespace Perdure.Torture.Processes;

/// <summary>A place for a worker: when one dies, another is started. Faults are injected here, one at a time.</summary>
internal sealed class WorkerSlot(string name, Func<WorkerProcess> start, FaultLog faults, IRig rig) : IDisposable
{
    /// <summary>The harness's promise to a worker that is asked to stop.</summary>
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(8);

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private readonly SemaphoreSlim _busy = new(1);
    private readonly List<WorkerProcess> _all = [];

    public string Name => name;

    public WorkerProcess Current { get; private set; } = null!;

    /// <summary>Since when the current one works.</summary>
    public DateTime ReadyAt { get; private set; }

    /// <summary>All processes that were ever here.</summary>
    public IReadOnlyList<WorkerProcess> All => _all;

    /// <summary>Whether a fault or a start is under way.</summary>
    public bool IsBusy => _busy.CurrentCount == 0;

    public async Task StartAsync()
    {
        Current = start();
        lock (_all) _all.Add(Current);
        var first = await Task.WhenAny(Current.Ready, Current.ExitAsync(), Task.Delay(StartLimit));
        if (first != Current.Ready && !Current.HasExited) throw new HarnessException($"{name} was not ready within {StartLimit.TotalSeconds:0} s.");
        ReadyAt = DateTime.UtcNow;
    }

    /// <summary>Runs a fault, unless one is under way; then makes sure that a worker runs.</summary>
    public async Task<bool> TryAsync(Func<WorkerProcess, Task> fault, bool restart = true)
    {
        if (!_busy.Wait(0)) return false;
        try
        {
            if (Current.HasExited) NoteDeath(Current);
            else await fault(Current);
            while (restart && Current.HasExited) await StartAsync();
            return true;
        }
        finally
        {
            _busy.Release();
        }
    }

    public Task KillAsync() => TryAsync(async worker =>
    {
        faults.Add(FaultKind.Kill, worker);
        worker.Kill();
        await worker.ExitAsync();
    });

    /// <summary>Freezes the worker, where it keeps nobody else from going on, for <paramref name="time"/>, and lets it go on as a zombie.</summary>
    public Task FreezeAsync(TimeSpan time) => TryAsync(async worker =>
    {
        for (var tries = 0; tries < 50; tries++)
        {
            Signals.Stop(worker.Id);
            var stopped = DateTime.UtcNow;
            while (!worker.HasExited && !Signals.StandsStill(worker.Id)) await Task.Delay(1);
            if (worker.HasExited) return;
            if (rig.MayStandStill(worker.Id))
            {
                var fault = faults.Add(FaultKind.Freeze, worker);
                fault.At = stopped;
                await Task.Delay(time);
                fault.End = DateTime.UtcNow;
                Signals.Continue(worker.Id);
                return;
            }
            Signals.Continue(worker.Id);
            await Task.Delay(1);
        }
    });

    /// <summary>Asks the worker to stop. What it makes of that is written down.</summary>
    public Task TerminateAsync(bool restart = true) => TryAsync(async worker =>
    {
        var fault = faults.Add(FaultKind.Terminate, worker);
        Signals.Terminate(worker.Id);
        using var late = new CancellationTokenSource(StopLimit);
        try
        {
            await worker.ExitAsync(late.Token);
            fault.ExitCode = worker.ExitCode;
        }
        catch (OperationCanceledException)
        {
            fault.IsLate = true;
            worker.Kill();
            await worker.ExitAsync();
        }
        fault.End = DateTime.UtcNow;
    }, restart);

    /// <summary>Starts a worker again if a body has killed it.</summary>
    public Task ReviveAsync() => Current.HasExited ? TryAsync(static _ => Task.CompletedTask) : Task.CompletedTask;

    public void Dispose()
    {
        foreach (var worker in _all) worker.Dispose();
        _busy.Dispose();
    }

    private void NoteDeath(WorkerProcess worker) => faults.Add(FaultKind.Died, worker).ExitCode = worker.ExitCode;
}
