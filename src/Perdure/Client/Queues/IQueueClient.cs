namespace Perdure;

/// <summary>
/// Queues as operators see them: how much work there is on each, and what holds it back. What is set here holds for all workers of the store, from the answer on, and stays until it is
/// changed again. Thread safe.
/// </summary>
public interface IQueueClient
{
    /// <summary>The queues that hold work, or that something is set for, by name.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<IReadOnlyList<QueueInfo>> ListAsync(CancellationToken cancellationToken = default);

    /// <summary>One queue. A name that nobody has used is an empty queue without limits.</summary>
    /// <param name="queue">Name of the queue.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="InvalidOptionException">The name is not allowed.</exception>
    Task<QueueInfo> GetAsync(string queue, CancellationToken cancellationToken = default);

    /// <summary>
    /// Sets limits and ageing. What workers hold already they keep, and it counts: below a lowered limit nothing is taken until there is room.
    /// </summary>
    /// <param name="queue">Name of the queue; it need not exist.</param>
    /// <param name="settings">What is to change.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The queue after it.</returns>
    /// <exception cref="InvalidOptionException">The name is not allowed, or a setting is out of its range.</exception>
    Task<QueueInfo> ConfigureAsync(string queue, QueueSettings settings, CancellationToken cancellationToken = default);

    /// <summary>
    /// Lets no worker take anything from a queue until it is resumed. What runs goes on; work may still be put on it, and a run that nobody has begun can still be cancelled.
    /// </summary>
    /// <param name="queue">Name of the queue; it need not exist.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The queue after it.</returns>
    /// <exception cref="InvalidOptionException">The name is not allowed.</exception>
    Task<QueueInfo> PauseAsync(string queue, CancellationToken cancellationToken = default);

    /// <summary>Lets workers take from a queue again. Nothing happens to one that is not paused.</summary>
    /// <param name="queue">Name of the queue.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The queue after it.</returns>
    /// <exception cref="InvalidOptionException">The name is not allowed.</exception>
    Task<QueueInfo> ResumeAsync(string queue, CancellationToken cancellationToken = default);

    /// <summary>
    /// Cancels the runs that wait on a queue and that nobody has begun, and withdraws the activities that wait on it, also while it is paused or full; none of their code runs. The code that awaits such an activity
    /// gets an <see cref="ActivityWithdrawnException"/>. What is due later stays, such as scheduled runs and retries that wait for their time, and so does what has begun. In batches of 500: a large queue takes a while,
    /// and a call that is given up has purged a part. An activity that a worker takes at that moment runs; a run that a worker takes at that moment is asked to cancel, like any run that is under way: pause
    /// the queue first to rule that out.
    /// </summary>
    /// <param name="queue">Name of the queue.</param>
    /// <param name="reason">For the histories, shortened to 4,096 characters; null for none.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>How many runs were told, and how many activities were withdrawn.</returns>
    /// <exception cref="InvalidOptionException">The name is not allowed.</exception>
    Task<QueuePurge> PurgeAsync(string queue, string? reason = null, CancellationToken cancellationToken = default);
}
