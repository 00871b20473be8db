using Perdure.Storage;

namespace Perdure.Client;

/// <summary>
/// How a client's starts and messages reach the store. Without a worker each is a transaction of its own; in a process with a worker the journal takes
/// them along with what the worker writes anyway.
/// </summary>
internal interface ISubmissions
{
    /// <summary>A key for a run to be born, and the store's clock.</summary>
    ValueTask<(long Key, Instant Now)> ReserveAsync(CancellationToken cancellationToken);

    /// <summary>Starts a run; answers when it is durable.</summary>
    Task<BirthOutcome> StartAsync(RunBirth birth, CancellationToken cancellationToken);

    /// <summary>Sends a message; answers when it is durable.</summary>
    Task<PostOutcome> PostAsync(OutgoingMessage message, CancellationToken cancellationToken);

    /// <summary>
    /// Waits until the run may have ended, at most for <paramref name="atMost"/>. Answers with its end if this process saw it, else with null: then the store
    /// must be asked. Begin to wait before the store is read, so that no end is missed.
    /// </summary>
    Task<RunClose?> WaitForEndAsync(string runId, TimeSpan atMost, CancellationToken cancellationToken);
}
