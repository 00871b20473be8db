namespace Perdure;

/// <summary>
/// Work on request, for hosts that live only as long as a request does: functions, containers that scale from nothing, scripts. Between two calls there is no thread and no lease
/// of this process. Needs <see cref="PerdureOptions.Runtime"/> = <see cref="PerdureRuntime.Pump"/> or <see cref="PerdureRuntime.Manual"/>. Thread safe.
/// </summary>
public interface IPerdurePump
{
    /// <summary>
    /// Takes the runs and activities that are due, drives them until nothing is runnable or the time is over, and gives everything back.
    /// </summary>
    /// <param name="runId">Ends as soon as this run has ended, or waits for a time or a message. Others of the served queues are driven as well meanwhile. Null drives whatever is due.</param>
    /// <param name="budget">
    /// How long work is begun. What still runs then has another tenth of it; after that its token fires, and the attempt is repeated at the next call as if it had not begun.
    /// Default: 50 seconds.
    /// </param>
    /// <param name="cancellationToken">Ends the call early; what it has taken is given back first.</param>
    /// <exception cref="Perdure.Storage.StoreException">The store cannot be used.</exception>
    /// <exception cref="InvalidOptionException">The worker of this process works by itself, or the budget is not more than 0.</exception>
    Task<PumpReport> RunOnceAsync(string? runId = null, TimeSpan? budget = null, CancellationToken cancellationToken = default);
}

/// <summary>What a call of the pump did.</summary>
/// <param name="Processed">How many runs and activities were taken; one that was taken twice counts twice.</param>
/// <param name="NextDue">When the next one is due, to call again then; in the past when the budget was too short, null when only a message can wake anything.</param>
public sealed record PumpReport(int Processed, DateTimeOffset? NextDue);
