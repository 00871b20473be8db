using Perdure.Client;

namespace Perdure;

/// <summary>One run whose result's type is known. Thread safe.</summary>
/// <typeparam name="TOut">The result's type.</typeparam>
public sealed class RunHandle<TOut> : RunHandle
{
    internal RunHandle(PerdureClient client, string id, bool wasCreated, bool isPurged) : base(client, id, wasCreated, isPurged)
    {
    }

    /// <summary>Waits for the run to end and returns its result.</summary>
    /// <inheritdoc cref="RunHandle.ResultAsync{T}" path="/param"/>
    /// <inheritdoc cref="RunHandle.ResultAsync{T}" path="/exception"/>
    public Task<TOut> ResultAsync(TimeSpan? timeout = null, bool throwIfBlocked = false, CancellationToken cancellationToken = default) =>
        Client.ResultAsync<TOut>(Id, timeout, throwIfBlocked, cancellationToken);
}
