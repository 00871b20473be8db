using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Perdure.Authoring;

namespace Perdure;

public abstract partial class WorkflowContext
{
    /// <summary>Waits for the first of several signals. The others stay buffered.</summary>
    /// <param name="signals">The signals, of any payload types, each name once.</param>
    /// <param name="timeout">The limit, fixed when the wait is recorded; null (the default) waits for as long as it takes.</param>
    /// <param name="file">Filled by the compiler.</param>
    /// <param name="line">Filled by the compiler.</param>
    /// <returns>Which signal came, and its payload; or that none came in time.</returns>
    /// <exception cref="InvalidOptionException">The list is empty, or names one signal twice.</exception>
    /// <exception cref="WorkflowCancelledException">The run was asked to cancel.</exception>
    public Task<SignalMatch> WaitForAnyAsync(
        IReadOnlyList<Signal> signals, TimeSpan? timeout = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        SignalLists.Check(signals);
        if (timeout is { } limit) SleepLimit.Check(limit);
        return IssueWaitAnyAsync(signals, timeout, new SourceLine(file, line));
    }

    /// <summary>Waits until one signal of each of several names has come, in any order. The run goes on once, with all of them.</summary>
    /// <param name="signals">The signals, of any payload types, each name once.</param>
    /// <param name="timeout">The limit for all of them, fixed when the wait is recorded; null (the default) waits for as long as it takes.</param>
    /// <param name="file">Filled by the compiler.</param>
    /// <param name="line">Filled by the compiler.</param>
    /// <returns>What came. Signals that came before the limit are taken, also when others did not; those that come later stay buffered.</returns>
    /// <exception cref="InvalidOptionException">The list is empty, or names one signal twice.</exception>
    /// <exception cref="WorkflowCancelledException">The run was asked to cancel.</exception>
    public Task<SignalMatches> WaitForAllAsync(
        IReadOnlyList<Signal> signals, TimeSpan? timeout = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        SignalLists.Check(signals);
        if (timeout is { } limit) SleepLimit.Check(limit);
        Signal[] asked = [.. signals];
        return OperationTask.Select(IssueWaitAllAsync(asked, timeout, new SourceLine(file, line)), asked, static (matches, asked) => new SignalMatches(asked, matches));
    }

    /// <summary>
    /// Looks at the oldest signal of a name that has come and was not taken, without taking it. What it saw is recorded: each call is an event of the history.
    /// </summary>
    /// <typeparam name="T">The payload's type.</typeparam>
    /// <param name="signal">The signal.</param>
    /// <param name="payload">The payload, when there is one.</param>
    /// <param name="file">Filled by the compiler.</param>
    /// <param name="line">Filled by the compiler.</param>
    /// <returns>Whether there is one.</returns>
    public bool TryPeek<T>(Signal<T> signal, [MaybeNullWhen(false)] out T payload, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        ArgumentNullException.ThrowIfNull(signal);
        return IssuePeek(signal, new SourceLine(file, line), out payload!);
    }

    /// <summary>Takes all signals of a name that have come and were not taken, and waits for none.</summary>
    /// <typeparam name="T">The payload's type.</typeparam>
    /// <param name="signal">The signal.</param>
    /// <param name="file">Filled by the compiler.</param>
    /// <param name="line">Filled by the compiler.</param>
    /// <returns>Their payloads in the order in which they arrived; none when nothing has come.</returns>
    /// <exception cref="WorkflowCancelledException">The run was asked to cancel.</exception>
    public async Task<IReadOnlyList<T>> DrainAsync<T>(Signal<T> signal, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        try
        {
            var taken = new List<T>();
            while (await Wait(signal, TimeSpan.Zero, file, line) is { IsReceived: true } received) taken.Add(received.Value);
            return taken;
        }
        finally
        {
            HelperEnd.LeaveContext();
        }
    }
}
