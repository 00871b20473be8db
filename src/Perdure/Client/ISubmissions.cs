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

    /// <summary>A key turned out to be taken: the rest of its block is not used.</summary>
    void DiscardKeys();

    /// <summary>Starts a run; answers when it is durable.</summary>
    Task<BirthOutcome> StartAsync(RunBirth birth, CancellationToken cancellationToken);

    /// <summary>Starts runs, all in one transaction; answers when they are durable.</summary>
    Task<IReadOnlyList<BirthOutcome>> StartAsync(IReadOnlyList<RunBirth> births, CancellationToken cancellationToken);

    /// <summary>Starts a run with a signal, or sends the signal to the run that is there; answers when it is durable.</summary>
    Task<SignalledStart> StartAsync(RunBirth birth, OutgoingMessage signal, CancellationToken cancellationToken);

    /// <summary>Sends a message; answers when it is durable.</summary>
    Task<PostOutcome> PostAsync(OutgoingMessage message, CancellationToken cancellationToken);

    /// <summary>Answers a request; answers when it is durable.</summary>
    Task<AnswerOutcome> AnswerAsync(RequestAnswer answer, CancellationToken cancellationToken);

    /// <summary>Watches for the end of a run until the result is disposed.</summary>
    IRunWatch Watch(string runId);

    /// <summary>Watches for anything new of a run until the result is disposed.</summary>
    NewsWatch WatchNews(string runId);
}
