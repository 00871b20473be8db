using Perdure.Storage;

namespace Perdure.Client;

/// <summary>Somebody's wait for the end of one run. Not thread safe.</summary>
internal interface IRunWatch : IDisposable
{
    /// <summary>
    /// Whether the store must be asked before waiting: the run does not live in this process, so its end may have come unseen. What happens
    /// after this call is not missed.
    /// </summary>
    bool MustAskStore();

    /// <summary>
    /// Waits for the run's end, or for a hint that it may have come, at most for <paramref name="atMost"/>. Null: nothing is known, begin again.
    /// </summary>
    Task<RunClose?> WaitAsync(TimeSpan atMost, CancellationToken cancellationToken);
}
