using System.Runtime.CompilerServices;
using Perdure.Authoring;

namespace Perdure;

/// <summary>
/// A part of a workflow that is done as a whole or undone: each step that must not stay done alone registers how it is undone, right after it has returned.
/// Given to the body of <see cref="WorkflowContext.SagaAsync{T}(Func{Saga, Task{T}}, SagaOptions?, string, int)"/>; not thread safe, like the context.
/// </summary>
/// <example>
/// <code>
/// await ctx.SagaAsync(async saga =>
/// {
///     var room = await ctx.StepAsync("book-room", (IHotel hotel) => hotel.BookAsync(trip));
///     saga.OnFailure("cancel-room", (IHotel hotel) => hotel.CancelAsync(room));
///     await ctx.StepAsync("book-flight", (IAirline airline) => airline.BookAsync(trip));
/// });
/// </code>
/// </example>
public sealed class Saga
{
    private readonly WorkflowContext _context;
    private readonly List<Undo> _undos = [];

    internal Saga(WorkflowContext context) => _context = context;

    internal bool HasUndos => _undos.Count > 0;

    /// <summary>Registers how the step that has just returned is undone, should the saga fail.</summary>
    /// <remarks>
    /// Undos run in the reverse of the order in which they were registered, each as a step of its own: recorded, retried (3 attempts unless
    /// <paramref name="options"/> say otherwise), with a stable idempotency key, and shielded from cancellation. The next begins when the one before is durable. One
    /// that fails for good does not keep the others from running. The body's parameters are filled by type, as those of a step.
    /// </remarks>
    /// <param name="name">The undo's name: 1 to 255 characters. It is compared on replay.</param>
    /// <param name="undo">The undo's code. It may run more than once, so it must do no harm then.</param>
    /// <param name="options">Retry, timeout; null for the defaults.</param>
    /// <param name="file">Filled by the compiler.</param>
    /// <param name="line">Filled by the compiler.</param>
    /// <exception cref="InvalidOptionException">The name or an option breaks a rule.</exception>
    public void OnFailure(
        string name, Func<Task> undo, StepOptions? options = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        Register(name, new ActionBody(undo), undo, options, file, line);

    /// <inheritdoc cref="OnFailure(string, Func{Task}, StepOptions?, string, int)"/>
    public void OnFailure(
        string name, Func<CancellationToken, Task> undo, StepOptions? options = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        Register(name, new ActionBody<CancellationToken>(undo), undo, options, file, line);

    /// <inheritdoc cref="OnFailure(string, Func{Task}, StepOptions?, string, int)"/>
    /// <typeparam name="T1">What the parameter is filled with.</typeparam>
    public void OnFailure<T1>(
        string name, Func<T1, Task> undo, StepOptions? options = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        where T1 : notnull =>
        Register(name, new ActionBody<T1>(undo), undo, options, file, line);

    /// <inheritdoc cref="OnFailure(string, Func{Task}, StepOptions?, string, int)"/>
    /// <typeparam name="T1">What the first parameter is filled with.</typeparam>
    /// <typeparam name="T2">What the second parameter is filled with.</typeparam>
    public void OnFailure<T1, T2>(
        string name, Func<T1, T2, Task> undo, StepOptions? options = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        where T1 : notnull where T2 : notnull =>
        Register(name, new ActionBody<T1, T2>(undo), undo, options, file, line);

    /// <inheritdoc cref="OnFailure(string, Func{Task}, StepOptions?, string, int)"/>
    /// <typeparam name="T1">What the first parameter is filled with.</typeparam>
    /// <typeparam name="T2">What the second parameter is filled with.</typeparam>
    /// <typeparam name="T3">What the third parameter is filled with.</typeparam>
    public void OnFailure<T1, T2, T3>(
        string name, Func<T1, T2, T3, Task> undo, StepOptions? options = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        where T1 : notnull where T2 : notnull where T3 : notnull =>
        Register(name, new ActionBody<T1, T2, T3>(undo), undo, options, file, line);

    /// <inheritdoc cref="OnFailure(string, Func{Task}, StepOptions?, string, int)"/>
    /// <typeparam name="T1">What the first parameter is filled with.</typeparam>
    /// <typeparam name="T2">What the second parameter is filled with.</typeparam>
    /// <typeparam name="T3">What the third parameter is filled with.</typeparam>
    /// <typeparam name="T4">What the fourth parameter is filled with.</typeparam>
    public void OnFailure<T1, T2, T3, T4>(
        string name, Func<T1, T2, T3, T4, Task> undo, StepOptions? options = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        where T1 : notnull where T2 : notnull where T3 : notnull where T4 : notnull =>
        Register(name, new ActionBody<T1, T2, T3, T4>(undo), undo, options, file, line);

    /// <inheritdoc cref="OnFailure(string, Func{Task}, StepOptions?, string, int)"/>
    /// <typeparam name="T1">What the first parameter is filled with.</typeparam>
    /// <typeparam name="T2">What the second parameter is filled with.</typeparam>
    /// <typeparam name="T3">What the third parameter is filled with.</typeparam>
    /// <typeparam name="T4">What the fourth parameter is filled with.</typeparam>
    /// <typeparam name="T5">What the fifth parameter is filled with.</typeparam>
    public void OnFailure<T1, T2, T3, T4, T5>(
        string name, Func<T1, T2, T3, T4, T5, Task> undo, StepOptions? options = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        where T1 : notnull where T2 : notnull where T3 : notnull where T4 : notnull where T5 : notnull =>
        Register(name, new ActionBody<T1, T2, T3, T4, T5>(undo), undo, options, file, line);

    /// <summary>Registers the undo of the step that completed last, for declared sagas.</summary>
    internal void Register(string name, StepBody<Unit> undo, StepOptions? options, SourceLine source) =>
        _undos.Add(new Undo(name, undo, options, source, _context.LastCompleted));

    /// <summary>Takes the undos, newest first. None is left.</summary>
    internal Undo[] Take()
    {
        Undo[] undos = [.. _undos];
        Array.Reverse(undos);
        _undos.Clear();
        return undos;
    }

    private void Register(string name, StepBody<Unit> body, Delegate given, StepOptions? options, string file, int line)
    {
        Names.Validate(NameKind.Step, name);
        ArgumentNullException.ThrowIfNull(given, "undo");
        options?.Validate();
        _undos.Add(new Undo(name, body, options, new SourceLine(file, line), _context.LastCompleted));
    }
}
