using System.Runtime.CompilerServices;
using Perdure.Authoring;

namespace Perdure;

public abstract partial class WorkflowContext
{
    /// <summary>Waits for a signal, for as long as it takes. One that was sent before the wait is delivered at once.</summary>
    /// <typeparam name="T">The payload's type.</typeparam>
    /// <param name="signal">The signal. Its messages are taken in the order in which they arrived, each once.</param>
    /// <param name="file">Filled by the compiler.</param>
    /// <param name="line">Filled by the compiler.</param>
    /// <returns>The payload.</returns>
    /// <exception cref="WorkflowCancelledException">The run was asked to cancel.</exception>
    public Task<T> WaitForAsync<T>(Signal<T> signal, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        OperationTask.Select(Wait(signal, timeout: null, file, line), state: false, static (received, _) => received.Value);

    /// <summary>Waits for a signal, up to a limit.</summary>
    /// <typeparam name="T">The payload's type, a reference type: for others use <see cref="TryWaitForAsync{T}"/>.</typeparam>
    /// <param name="signal">The signal.</param>
    /// <param name="timeout">The limit, fixed when the wait is recorded. Zero takes what is there and does not wait.</param>
    /// <param name="line">Filled by the compiler.</param>
    /// <param name="file">Filled by the compiler.</param>
    /// <returns>The payload, or null when the limit came first; a signal that arrives later stays buffered.</returns>
    /// <exception cref="WorkflowCancelledException">The run was asked to cancel.</exception>
    // The line comes first here, and only here: with the file first, a default value of type string would bind to it.
    public Task<T?> WaitForAsync<T>(
        Signal<T> signal, TimeSpan timeout, [CallerLineNumber] int line = 0, [CallerFilePath] string file = "")
        where T : class =>
        OperationTask.Select(Wait(signal, timeout, file, line), state: false,
            static (received, _) => received.IsReceived ? received.Value : null);

    /// <summary>Waits for a signal, up to a limit, with a value for when nothing came.</summary>
    /// <typeparam name="T">The payload's type.</typeparam>
    /// <param name="signal">The signal.</param>
    /// <param name="timeout">The limit, fixed when the wait is recorded. Zero takes what is there and does not wait.</param>
    /// <param name="defaultValue">What to return when the limit came first.</param>
    /// <param name="file">Filled by the compiler.</param>
    /// <param name="line">Filled by the compiler.</param>
    /// <returns>The payload, or <paramref name="defaultValue"/>; a signal that arrives later stays buffered.</returns>
    /// <exception cref="WorkflowCancelledException">The run was asked to cancel.</exception>
    public Task<T> WaitForAsync<T>(
        Signal<T> signal, TimeSpan timeout, T defaultValue, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        OperationTask.Select(Wait(signal, timeout, file, line), defaultValue,
            static (received, fallback) => received.IsReceived ? received.Value : fallback);

    /// <summary>Waits for a signal, up to a limit, and tells whether it came. Serves value types too.</summary>
    /// <typeparam name="T">The payload's type.</typeparam>
    /// <param name="signal">The signal.</param>
    /// <param name="timeout">The limit, fixed when the wait is recorded. Zero takes what is there and does not wait.</param>
    /// <param name="file">Filled by the compiler.</param>
    /// <param name="line">Filled by the compiler.</param>
    /// <exception cref="WorkflowCancelledException">The run was asked to cancel.</exception>
    public Task<Received<T>> TryWaitForAsync<T>(
        Signal<T> signal, TimeSpan timeout, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        Wait(signal, timeout, file, line);

    private Task<Received<T>> Wait<T>(Signal<T> signal, TimeSpan? timeout, string file, int line)
    {
        ArgumentNullException.ThrowIfNull(signal);
        if (timeout is { } limit) SleepLimit.Check(limit);
        return IssueWaitAsync(signal, timeout, new SourceLine(file, line));
    }
}
