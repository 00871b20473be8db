using Microsoft.Extensions.Logging;
using Perdure.Runtime;
using Perdure.Storage;

namespace Perdure.Worker;

/// <summary>What a worker tells its operator. Ids are stable; no payload is ever logged.</summary>
internal sealed partial class EngineLog(ILogger logger)
{
    private readonly ILogger _logger = logger;

    [LoggerMessage(1001, LogLevel.Information, "Worker {Worker} registered on store {Store}.")]
    public partial void Registered(long worker, string store);

    [LoggerMessage(1002, LogLevel.Warning, "Worker {Worker} was presumed dead; it forgets its {Runs} runs and registers anew. If the process was not frozen, raise Lease.")]
    public partial void Fenced(long worker, int runs);

    [LoggerMessage(1003, LogLevel.Warning, "Run {Run} is blocked ({Reason}): {Detail}")]
    public partial void RunBlocked(string run, RunBlockedReason reason, string detail);

    [LoggerMessage(1004, LogLevel.Warning, "The store did not take a call ({Fault}, try {Failures}); it is repeated: {Message}")]
    public partial void StoreRetry(StoreFault fault, int failures, string message);

    [LoggerMessage(1005, LogLevel.Critical, "The store cannot be used any more; this worker has stopped: {Message}")]
    public partial void StoreBroken(string message);

    [LoggerMessage(1006, LogLevel.Information, "Worker {Worker} stopped; {Bodies} bodies did not finish within the grace time.")]
    public partial void Stopped(long worker, int bodies);

    [LoggerMessage(1008, LogLevel.Error, "A turn of run {Run} failed inside the engine.")]
    public partial void TurnFailed(string run, Exception exception);

    [LoggerMessage(1020, LogLevel.Information, "Child {Child} has ended; its parent {Run} waits for it no longer.")]
    public partial void ChildUnawaited(string child, string run);

    [LoggerMessage(1021, LogLevel.Information, "Child {Child} has ended behind its parent {Run}; nobody is told.")]
    public partial void ChildUnheard(string child, string run);

    [LoggerMessage(1022, LogLevel.Information, "Worker {Worker} is paused by an operator: it takes nothing until it is resumed (perdure workers resume {Worker}).")]
    public partial void Paused(long worker);

    [LoggerMessage(1023, LogLevel.Information, "Worker {Worker} is resumed, and takes work again.")]
    public partial void Resumed(long worker);

    [LoggerMessage(1010, LogLevel.Information, "Retention has deleted {Runs} runs.")]
    public partial void RunsDeleted(int runs);

    [LoggerMessage(1014, LogLevel.Information, "Run {Run} was blocked and fits the code of this worker; it goes on.")]
    public partial void RunFits(string run);

    [LoggerMessage(1011, LogLevel.Warning, "The schedule {Schedule} of this program could not be registered; it is tried again.")]
    public partial void ScheduleNotRegistered(string schedule, Exception exception);

    [LoggerMessage(1009, LogLevel.Error, "Worker {Worker} failed inside the engine ({Where}). It forgets its {Runs} runs, which others take when its lease has ended, and registers anew.")]
    public partial void WorkerFailed(long worker, string where, int runs, Exception exception);
}
