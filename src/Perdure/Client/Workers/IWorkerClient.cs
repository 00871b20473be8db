namespace Perdure;

/// <summary>
/// Workers as operators see them: which processes are alive, what they serve and have code for, and which of them take no work for the moment. Thread safe.
/// </summary>
public interface IWorkerClient
{
    /// <summary>The workers that are alive, or were until just now, by number.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<IReadOnlyList<WorkerInfo>> ListAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Lets a worker take nothing until it is resumed: from the answer on no run and no activity is given to it. What it has in its hands goes on; a run is given back as soon as it only waits, and
    /// others go on with it. No attempt is lost. What is started in the process of the worker itself is left to others from the moment on at which the worker has heard of the order, at the latest when
    /// it renews its lease. The worker stays alive, and answers calls as before.
    /// </summary>
    /// <remarks>The order belongs to the process: it holds also when that registers anew under another number, and ends with it. To keep every process from a queue, pause the queue.</remarks>
    /// <param name="number">Number of the worker.</param>
    /// <param name="options">Who and why; null for none.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The worker after it.</returns>
    /// <exception cref="WorkerNotFoundException">No worker of that number is alive.</exception>
    /// <exception cref="InvalidOptionException">An option breaks a rule, or the worker is of an older build, which cannot be paused.</exception>
    Task<WorkerInfo> PauseAsync(long number, WorkerPauseOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Lets a worker take work again. Nothing happens to one that is not paused.</summary>
    /// <param name="number">Number of the worker.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The worker after it.</returns>
    /// <exception cref="WorkerNotFoundException">No worker of that number is alive.</exception>
    Task<WorkerInfo> ResumeAsync(long number, CancellationToken cancellationToken = default);
}
