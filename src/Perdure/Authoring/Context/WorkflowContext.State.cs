using System.Runtime.CompilerServices;
using Perdure.Authoring;

namespace Perdure;

public abstract partial class WorkflowContext
{
    /// <summary>
    /// Random numbers that are the same on every replay; seeded from the run. Not for secrets.
    /// </summary>
    public abstract Random Random { get; }

    /// <summary>A new id that is the same on every replay.</summary>
    public abstract Guid NewGuid();

    /// <summary>Durable data of the run: values by key, written by workflow code, readable by anyone with one read of the run.</summary>
    public abstract RunData Data { get; }

    /// <summary>
    /// Publishes a value that anyone may read with one query. It rides with the next commit; the last one published stays.
    /// </summary>
    /// <typeparam name="T">The value's type.</typeparam>
    /// <param name="state">What is published.</param>
    /// <param name="value">Its new value.</param>
    /// <param name="file">Filled by the compiler.</param>
    /// <param name="line">Filled by the compiler.</param>
    /// <exception cref="InputValidationException">The value cannot be written as JSON.</exception>
    /// <exception cref="PayloadTooLargeException">The value is larger than 1 MiB.</exception>
    public void Publish<T>(Published<T> state, T value, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        ArgumentNullException.ThrowIfNull(state);
        IssuePublish(state, value, new SourceLine(file, line));
    }

    /// <summary>
    /// Takes a value from outside the workflow once and records it: a setting, a flag, a file's content. For anything that can fail or
    /// takes time use <c>StepAsync</c>; this one is not retried.
    /// </summary>
    /// <typeparam name="T">The value's type.</typeparam>
    /// <param name="name">The value's name in the history.</param>
    /// <param name="effect">Gets the value. Called once; a replay returns what was recorded.</param>
    /// <param name="file">Filled by the compiler.</param>
    /// <param name="line">Filled by the compiler.</param>
    /// <exception cref="InvalidOptionException">The name breaks the rule for names.</exception>
    /// <exception cref="ResultNotSerializableException">The value cannot be written as JSON.</exception>
    public Task<T> SideEffectAsync<T>(
        string name, Func<T> effect, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        Names.Validate(NameKind.SideEffect, name);
        ArgumentNullException.ThrowIfNull(effect);
        return IssueSideEffectAsync(name, effect, new SourceLine(file, line));
    }
}
