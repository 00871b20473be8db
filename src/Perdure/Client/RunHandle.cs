using System.Text.Json;
using Perdure.Client;

namespace Perdure;

/// <summary>One run, to be waited for, asked and acted on. It holds no resources. Thread safe.</summary>
public class RunHandle
{
    private protected readonly PerdureClient Client;

    internal RunHandle(PerdureClient client, string id, bool wasCreated, bool isPurged)
    {
        Client = client;
        Id = id;
        WasCreated = wasCreated;
        IsPurged = isPurged;
    }

    /// <summary>The run's public id.</summary>
    public string Id { get; }

    /// <summary>Whether the start that returned this handle created the run; false when it found an existing one.</summary>
    public bool WasCreated { get; }

    /// <summary>Whether the start found the key of a run that was deleted: nothing runs, and only the id is left.</summary>
    public bool IsPurged { get; }

    /// <summary>Waits for the run to end and returns its result.</summary>
    /// <typeparam name="T">The type that the result is read as; <see cref="JsonElement"/> takes anything.</typeparam>
    /// <param name="timeout">How long to wait; zero looks once. Default: for as long as it takes.</param>
    /// <param name="throwIfBlocked">Whether a blocked run ends the wait. Default: the wait goes on, since a blocked run may be resumed.</param>
    /// <param name="cancellationToken">Cancels the wait, never the run.</param>
    /// <exception cref="RunFailedException">The run failed.</exception>
    /// <exception cref="RunCancelledException">The run was cancelled.</exception>
    /// <exception cref="RunTimedOutException">The run exceeded its run timeout.</exception>
    /// <exception cref="RunTerminatedException">The run was terminated.</exception>
    /// <exception cref="RunBlockedException">The run is blocked and <paramref name="throwIfBlocked"/> is set.</exception>
    /// <exception cref="RunNotFoundException">There is no such run.</exception>
    /// <exception cref="TimeoutException">The run has not ended in time; it goes on.</exception>
    public Task<T> ResultAsync<T>(TimeSpan? timeout = null, bool throwIfBlocked = false, CancellationToken cancellationToken = default) =>
        Client.ResultAsync<T>(Id, timeout, throwIfBlocked, cancellationToken);

    /// <summary>Waits for the run to complete, whatever its result.</summary>
    /// <inheritdoc cref="ResultAsync{T}" path="/param"/>
    /// <inheritdoc cref="ResultAsync{T}" path="/exception"/>
    public Task WaitAsync(TimeSpan? timeout = null, bool throwIfBlocked = false, CancellationToken cancellationToken = default) =>
        Client.WaitAsync(Id, timeout, throwIfBlocked, cancellationToken);

    /// <summary>Where the run stands.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="RunNotFoundException">There is no such run.</exception>
    public Task<RunStatus> StatusAsync(CancellationToken cancellationToken = default) => Client.StatusAsync(Id, cancellationToken);

    /// <inheritdoc cref="IPerdureClient.GetAsync"/>
    public Task<RunInfo> GetAsync(RunInclude include = RunInclude.None, CancellationToken cancellationToken = default) => Client.GetAsync(Id, include, cancellationToken);

    /// <inheritdoc cref="IPerdureClient.GetHistoryAsync"/>
    public Task<IReadOnlyList<HistoryEvent>> GetHistoryAsync(
        int from = 0, IReadOnlyCollection<EventKind>? kinds = null, CancellationToken cancellationToken = default) => Client.GetHistoryAsync(Id, from, kinds, cancellationToken);

    /// <inheritdoc cref="IPerdureClient.WatchAsync(string, int, CancellationToken)"/>
    public IAsyncEnumerable<HistoryEvent> WatchAsync(int from = 0, CancellationToken cancellationToken = default) => Client.WatchAsync(Id, from, cancellationToken);

    /// <inheritdoc cref="IPerdureClient.WatchAsync{T}"/>
    public IAsyncEnumerable<T> WatchAsync<T>(Published<T> state, CancellationToken cancellationToken = default) => Client.WatchAsync(Id, state, cancellationToken);

    /// <inheritdoc cref="IPerdureClient.ExplainAsync"/>
    public Task<RunExplanation> ExplainAsync(CancellationToken cancellationToken = default) => Client.ExplainAsync(Id, cancellationToken);

    /// <inheritdoc cref="IPerdureClient.GetAtAsync"/>
    public Task<RunMoment> GetAtAsync(int sequence, CancellationToken cancellationToken = default) => Client.GetAtAsync(Id, sequence, cancellationToken);

    /// <inheritdoc cref="IPerdureClient.CheckReplayAsync"/>
    public Task<ReplayCheck> CheckReplayAsync(CancellationToken cancellationToken = default) => Client.CheckReplayAsync(Id, cancellationToken);

    /// <inheritdoc cref="IPerdureClient.GetGraphAsync"/>
    public Task<WorkflowGraph> GetGraphAsync(CancellationToken cancellationToken = default) => Client.GetGraphAsync(Id, cancellationToken);

    /// <inheritdoc cref="IPerdureClient.QueryAsync{TResult}"/>
    public Task<TResult> QueryAsync<TResult>(string query, object? argument = null, CancellationToken cancellationToken = default) =>
        Client.QueryAsync<TResult>(Id, query, argument, cancellationToken);

    /// <inheritdoc cref="IPerdureClient.QueryAsync(string, string, CancellationToken)"/>
    public Task<JsonElement> QueryAsync(string query, CancellationToken cancellationToken = default) => Client.QueryAsync(Id, query, cancellationToken);

    /// <inheritdoc cref="IPerdureClient.ReadAsync{T}"/>
    public Task<T?> ReadAsync<T>(Published<T> state, CancellationToken cancellationToken = default) => Client.ReadAsync(Id, state, cancellationToken);

    /// <inheritdoc cref="IPerdureClient.SignalAsync{T}(string, Signal{T}, T, string?, CancellationToken)"/>
    public Task SignalAsync<T>(Signal<T> signal, T payload, string? messageId = null, CancellationToken cancellationToken = default) =>
        Client.SignalAsync(Id, signal, payload, messageId, cancellationToken);

    /// <inheritdoc cref="IPerdureClient.SignalAsync(string, string, object?, string?, CancellationToken)"/>
    public Task SignalAsync(string signal, object? payload, string? messageId = null, CancellationToken cancellationToken = default) =>
        Client.SignalAsync(Id, signal, payload, messageId, cancellationToken);

    /// <inheritdoc cref="IPerdureClient.ProvideInputAsync"/>
    public Task ProvideInputAsync(string name, object? answer, string? by = null, string? requestId = null, CancellationToken cancellationToken = default) =>
        Client.ProvideInputAsync(Id, name, answer, by, requestId, cancellationToken);

    /// <inheritdoc cref="IPerdureClient.CancelWaitAsync"/>
    public Task CancelWaitAsync(string wait, string? reason = null, CancellationToken cancellationToken = default) => Client.CancelWaitAsync(Id, wait, reason, cancellationToken);

    /// <inheritdoc cref="IPerdureClient.CancelAsync"/>
    public Task<CancelOutcome> CancelAsync(string? reason = null, CancelOptions? options = null, CancellationToken cancellationToken = default) =>
        Client.CancelAsync(Id, reason, options, cancellationToken);

    /// <inheritdoc cref="IPerdureClient.TerminateAsync"/>
    public Task<CancelOutcome> TerminateAsync(string? reason = null, CancellationToken cancellationToken = default) =>
        Client.TerminateAsync(Id, reason, cancellationToken);

    /// <inheritdoc cref="IPerdureClient.RetryAsync"/>
    public Task RetryAsync(CancellationToken cancellationToken = default) => Client.RetryAsync(Id, cancellationToken);

    /// <inheritdoc cref="IPerdureClient.PauseAsync"/>
    public Task<bool> PauseAsync(PauseOptions? options = null, CancellationToken cancellationToken = default) => Client.PauseAsync(Id, options, cancellationToken);

    /// <inheritdoc cref="IPerdureClient.ResumeAsync"/>
    public Task<bool> ResumeAsync(CancellationToken cancellationToken = default) => Client.ResumeAsync(Id, cancellationToken);

    /// <inheritdoc cref="IPerdureClient.DeleteAsync"/>
    public Task DeleteAsync(CancellationToken cancellationToken = default) => Client.DeleteAsync(Id, cancellationToken);

    /// <inheritdoc/>
    public override string ToString() => Id;
}
