using System.Runtime.CompilerServices;
using Perdure.Authoring;

namespace Perdure;

public abstract partial class WorkflowContext
{
    /// <summary>Runs a step: inline code whose outcome is recorded, so that it never runs again once it has succeeded.</summary>
    /// <remarks>
    /// The body runs at least once, and again after a failure, as <see cref="StepOptions.Retry"/> says. Its parameters are filled by type:
    /// a <see cref="System.Threading.CancellationToken"/> is the attempt's token, a <see cref="StepInfo"/> describes the attempt, anything
    /// else is a required service from a dependency injection scope of the attempt's own.
    /// </remarks>
    /// <typeparam name="TResult">The result's type. It is read back from its JSON, on the first run too.</typeparam>
    /// <param name="name">The step's name: 1 to 255 characters. It is compared on replay.</param>
    /// <param name="body">The step's code.</param>
    /// <param name="options">Retry, timeout, guarantees; null for the defaults.</param>
    /// <param name="file">Filled by the compiler.</param>
    /// <param name="line">Filled by the compiler.</param>
    /// <returns>The result.</returns>
    /// <exception cref="InvalidOptionException">The name or an option breaks a rule.</exception>
    /// <exception cref="StepFailedException">Every attempt failed, or the failure was not retryable.</exception>
    /// <exception cref="StepTimeoutException">The last attempt ran out of time.</exception>
    /// <exception cref="StepOutcomeUnknownException">An at-most-once step was interrupted by a crash.</exception>
    /// <exception cref="WorkflowCancelledException">The run was asked to cancel.</exception>
    public Task<TResult> StepAsync<TResult>(
        string name, Func<Task<TResult>> body, StepOptions? options = null,
        [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        Step(name, new FunctionBody<TResult>(body), body, options, file, line);

    /// <inheritdoc cref="StepAsync{TResult}(string, Func{Task{TResult}}, StepOptions?, string, int)"/>
    public Task<TResult> StepAsync<TResult>(
        string name, Func<CancellationToken, Task<TResult>> body, StepOptions? options = null,
        [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        Step(name, new FunctionBody<CancellationToken, TResult>(body), body, options, file, line);

    /// <inheritdoc cref="StepAsync{TResult}(string, Func{Task{TResult}}, StepOptions?, string, int)"/>
    /// <typeparam name="T1">What the parameter is filled with.</typeparam>
    /// <typeparam name="TResult">The result's type.</typeparam>
    public Task<TResult> StepAsync<T1, TResult>(
        string name, Func<T1, Task<TResult>> body, StepOptions? options = null,
        [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        where T1 : notnull =>
        Step(name, new FunctionBody<T1, TResult>(body), body, options, file, line);

    /// <inheritdoc cref="StepAsync{TResult}(string, Func{Task{TResult}}, StepOptions?, string, int)"/>
    /// <typeparam name="T1">What the first parameter is filled with.</typeparam>
    /// <typeparam name="T2">What the second parameter is filled with.</typeparam>
    /// <typeparam name="TResult">The result's type.</typeparam>
    public Task<TResult> StepAsync<T1, T2, TResult>(
        string name, Func<T1, T2, Task<TResult>> body, StepOptions? options = null,
        [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        where T1 : notnull where T2 : notnull =>
        Step(name, new FunctionBody<T1, T2, TResult>(body), body, options, file, line);

    /// <inheritdoc cref="StepAsync{TResult}(string, Func{Task{TResult}}, StepOptions?, string, int)"/>
    /// <typeparam name="T1">What the first parameter is filled with.</typeparam>
    /// <typeparam name="T2">What the second parameter is filled with.</typeparam>
    /// <typeparam name="T3">What the third parameter is filled with.</typeparam>
    /// <typeparam name="TResult">The result's type.</typeparam>
    public Task<TResult> StepAsync<T1, T2, T3, TResult>(
        string name, Func<T1, T2, T3, Task<TResult>> body, StepOptions? options = null,
        [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        where T1 : notnull where T2 : notnull where T3 : notnull =>
        Step(name, new FunctionBody<T1, T2, T3, TResult>(body), body, options, file, line);

    /// <inheritdoc cref="StepAsync{TResult}(string, Func{Task{TResult}}, StepOptions?, string, int)"/>
    /// <typeparam name="T1">What the first parameter is filled with.</typeparam>
    /// <typeparam name="T2">What the second parameter is filled with.</typeparam>
    /// <typeparam name="T3">What the third parameter is filled with.</typeparam>
    /// <typeparam name="T4">What the fourth parameter is filled with.</typeparam>
    /// <typeparam name="TResult">The result's type.</typeparam>
    public Task<TResult> StepAsync<T1, T2, T3, T4, TResult>(
        string name, Func<T1, T2, T3, T4, Task<TResult>> body, StepOptions? options = null,
        [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        where T1 : notnull where T2 : notnull where T3 : notnull where T4 : notnull =>
        Step(name, new FunctionBody<T1, T2, T3, T4, TResult>(body), body, options, file, line);

    /// <inheritdoc cref="StepAsync{TResult}(string, Func{Task{TResult}}, StepOptions?, string, int)"/>
    /// <typeparam name="T1">What the first parameter is filled with.</typeparam>
    /// <typeparam name="T2">What the second parameter is filled with.</typeparam>
    /// <typeparam name="T3">What the third parameter is filled with.</typeparam>
    /// <typeparam name="T4">What the fourth parameter is filled with.</typeparam>
    /// <typeparam name="T5">What the fifth parameter is filled with.</typeparam>
    /// <typeparam name="TResult">The result's type.</typeparam>
    public Task<TResult> StepAsync<T1, T2, T3, T4, T5, TResult>(
        string name, Func<T1, T2, T3, T4, T5, Task<TResult>> body, StepOptions? options = null,
        [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        where T1 : notnull where T2 : notnull where T3 : notnull where T4 : notnull where T5 : notnull =>
        Step(name, new FunctionBody<T1, T2, T3, T4, T5, TResult>(body), body, options, file, line);

    /// <inheritdoc cref="StepAsync{TResult}(string, Func{Task{TResult}}, StepOptions?, string, int)"/>
    public Task StepAsync(
        string name, Func<Task> body, StepOptions? options = null,
        [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        Step(name, new ActionBody(body), body, options, file, line);

    /// <inheritdoc cref="StepAsync{TResult}(string, Func{Task{TResult}}, StepOptions?, string, int)"/>
    public Task StepAsync(
        string name, Func<CancellationToken, Task> body, StepOptions? options = null,
        [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        Step(name, new ActionBody<CancellationToken>(body), body, options, file, line);

    /// <inheritdoc cref="StepAsync{TResult}(string, Func{Task{TResult}}, StepOptions?, string, int)"/>
    /// <typeparam name="T1">What the parameter is filled with.</typeparam>
    public Task StepAsync<T1>(
        string name, Func<T1, Task> body, StepOptions? options = null,
        [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        where T1 : notnull =>
        Step(name, new ActionBody<T1>(body), body, options, file, line);

    /// <inheritdoc cref="StepAsync{TResult}(string, Func{Task{TResult}}, StepOptions?, string, int)"/>
    /// <typeparam name="T1">What the first parameter is filled with.</typeparam>
    /// <typeparam name="T2">What the second parameter is filled with.</typeparam>
    public Task StepAsync<T1, T2>(
        string name, Func<T1, T2, Task> body, StepOptions? options = null,
        [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        where T1 : notnull where T2 : notnull =>
        Step(name, new ActionBody<T1, T2>(body), body, options, file, line);

    /// <inheritdoc cref="StepAsync{TResult}(string, Func{Task{TResult}}, StepOptions?, string, int)"/>
    /// <typeparam name="T1">What the first parameter is filled with.</typeparam>
    /// <typeparam name="T2">What the second parameter is filled with.</typeparam>
    /// <typeparam name="T3">What the third parameter is filled with.</typeparam>
    public Task StepAsync<T1, T2, T3>(
        string name, Func<T1, T2, T3, Task> body, StepOptions? options = null,
        [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        where T1 : notnull where T2 : notnull where T3 : notnull =>
        Step(name, new ActionBody<T1, T2, T3>(body), body, options, file, line);

    /// <inheritdoc cref="StepAsync{TResult}(string, Func{Task{TResult}}, StepOptions?, string, int)"/>
    /// <typeparam name="T1">What the first parameter is filled with.</typeparam>
    /// <typeparam name="T2">What the second parameter is filled with.</typeparam>
    /// <typeparam name="T3">What the third parameter is filled with.</typeparam>
    /// <typeparam name="T4">What the fourth parameter is filled with.</typeparam>
    public Task StepAsync<T1, T2, T3, T4>(
        string name, Func<T1, T2, T3, T4, Task> body, StepOptions? options = null,
        [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        where T1 : notnull where T2 : notnull where T3 : notnull where T4 : notnull =>
        Step(name, new ActionBody<T1, T2, T3, T4>(body), body, options, file, line);

    /// <inheritdoc cref="StepAsync{TResult}(string, Func{Task{TResult}}, StepOptions?, string, int)"/>
    /// <typeparam name="T1">What the first parameter is filled with.</typeparam>
    /// <typeparam name="T2">What the second parameter is filled with.</typeparam>
    /// <typeparam name="T3">What the third parameter is filled with.</typeparam>
    /// <typeparam name="T4">What the fourth parameter is filled with.</typeparam>
    /// <typeparam name="T5">What the fifth parameter is filled with.</typeparam>
    public Task StepAsync<T1, T2, T3, T4, T5>(
        string name, Func<T1, T2, T3, T4, T5, Task> body, StepOptions? options = null,
        [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        where T1 : notnull where T2 : notnull where T3 : notnull where T4 : notnull where T5 : notnull =>
        Step(name, new ActionBody<T1, T2, T3, T4, T5>(body), body, options, file, line);

    private Task<TResult> Step<TResult>(string name, StepBody<TResult> body, Delegate given, StepOptions? options, string file, int line)
    {
        Names.Validate(NameKind.Step, name);
        ArgumentNullException.ThrowIfNull(given, nameof(body));
        options?.Validate();
        return IssueStepAsync(name, body, options, new SourceLine(file, line));
    }
}
