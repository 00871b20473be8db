using System.Runtime.CompilerServices;
using Perdure.Authoring;
using Perdure.Pipelines.Nodes;

namespace Perdure.Pipelines;

/// <content>Steps: code that runs outside of the workflow, in attempts, each with services of its own.</content>
public sealed partial class PipelineBuilder<TInput>
{
    /// <summary>Adds a step that reads and writes <see cref="PipelineContext{TInput}.Data"/>. What it wrote is committed together with its outcome; a failed attempt leaves nothing.</summary>
    /// <remarks>
    /// Behind the context, parameters are filled by type: a <see cref="System.Threading.CancellationToken"/> is the attempt's token, a <see cref="StepInfo"/> describes the attempt, anything else is
    /// a required service from a dependency injection scope of the attempt's own. What the body returns is merged into the data and wins over what it has put: an object by its members, anything else under the
    /// step's name.
    /// </remarks>
    /// <param name="name">The step's name.</param>
    /// <param name="body">The step's code.</param>
    /// <param name="settings">Retry, timeout, queue, undo; null for the defaults.</param>
    /// <param name="file">Filled by the compiler.</param>
    /// <param name="line">Filled by the compiler.</param>
    /// <exception cref="InvalidOptionException">The name breaks the rule for names or is used twice, or a setting is out of range.</exception>
    public PipelineBuilder<TInput> Step(
        string name, Action<PipelineContext<TInput>> body, Action<StepSettings<TInput>>? settings = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        Step(name, StepAction<TInput>.Of(body), settings, file, line);

    /// <inheritdoc cref="Step(string, Action{PipelineContext{TInput}}, Action{StepSettings{TInput}}?, string, int)"/>
    public PipelineBuilder<TInput> Step(
        string name, Func<PipelineContext<TInput>, Task> body, Action<StepSettings<TInput>>? settings = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        Step(name, StepAction<TInput>.Of(body), settings, file, line);

    /// <inheritdoc cref="Step(string, Action{PipelineContext{TInput}}, Action{StepSettings{TInput}}?, string, int)"/>
    /// <typeparam name="T1">What the first parameter behind the context is filled with.</typeparam>
    public PipelineBuilder<TInput> Step<T1>(
        string name, Func<PipelineContext<TInput>, T1, Task> body, Action<StepSettings<TInput>>? settings = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        where T1 : notnull =>
        Step(name, StepAction<TInput>.Of(body), settings, file, line);

    /// <inheritdoc cref="Step(string, Action{PipelineContext{TInput}}, Action{StepSettings{TInput}}?, string, int)"/>
    /// <typeparam name="T1">What the first parameter behind the context is filled with.</typeparam>
    /// <typeparam name="T2">What the second parameter behind the context is filled with.</typeparam>
    public PipelineBuilder<TInput> Step<T1, T2>(
        string name, Func<PipelineContext<TInput>, T1, T2, Task> body, Action<StepSettings<TInput>>? settings = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        where T1 : notnull where T2 : notnull =>
        Step(name, StepAction<TInput>.Of(body), settings, file, line);

    /// <inheritdoc cref="Step(string, Action{PipelineContext{TInput}}, Action{StepSettings{TInput}}?, string, int)"/>
    /// <typeparam name="T1">What the first parameter behind the context is filled with.</typeparam>
    /// <typeparam name="T2">What the second parameter behind the context is filled with.</typeparam>
    /// <typeparam name="T3">What the third parameter behind the context is filled with.</typeparam>
    public PipelineBuilder<TInput> Step<T1, T2, T3>(
        string name, Func<PipelineContext<TInput>, T1, T2, T3, Task> body, Action<StepSettings<TInput>>? settings = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        where T1 : notnull where T2 : notnull where T3 : notnull =>
        Step(name, StepAction<TInput>.Of(body), settings, file, line);

    /// <inheritdoc cref="Step(string, Action{PipelineContext{TInput}}, Action{StepSettings{TInput}}?, string, int)"/>
    /// <typeparam name="TResult">The type of what it returns.</typeparam>
    public PipelineBuilder<TInput> Step<TResult>(
        string name, Func<PipelineContext<TInput>, Task<TResult>> body, Action<StepSettings<TInput>>? settings = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        Step(name, StepAction<TInput>.Returning(body), settings, file, line);

    /// <inheritdoc cref="Step(string, Action{PipelineContext{TInput}}, Action{StepSettings{TInput}}?, string, int)"/>
    /// <typeparam name="T1">What the first parameter behind the context is filled with.</typeparam>
    /// <typeparam name="TResult">The type of what it returns.</typeparam>
    public PipelineBuilder<TInput> Step<T1, TResult>(
        string name, Func<PipelineContext<TInput>, T1, Task<TResult>> body, Action<StepSettings<TInput>>? settings = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        where T1 : notnull =>
        Step(name, StepAction<TInput>.Returning(body), settings, file, line);

    /// <inheritdoc cref="Step(string, Action{PipelineContext{TInput}}, Action{StepSettings{TInput}}?, string, int)"/>
    /// <typeparam name="T1">What the first parameter behind the context is filled with.</typeparam>
    /// <typeparam name="T2">What the second parameter behind the context is filled with.</typeparam>
    /// <typeparam name="TResult">The type of what it returns.</typeparam>
    public PipelineBuilder<TInput> Step<T1, T2, TResult>(
        string name, Func<PipelineContext<TInput>, T1, T2, Task<TResult>> body, Action<StepSettings<TInput>>? settings = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        where T1 : notnull where T2 : notnull =>
        Step(name, StepAction<TInput>.Returning(body), settings, file, line);

    /// <inheritdoc cref="Step(string, Action{PipelineContext{TInput}}, Action{StepSettings{TInput}}?, string, int)"/>
    /// <typeparam name="T1">What the first parameter behind the context is filled with.</typeparam>
    /// <typeparam name="T2">What the second parameter behind the context is filled with.</typeparam>
    /// <typeparam name="T3">What the third parameter behind the context is filled with.</typeparam>
    /// <typeparam name="TResult">The type of what it returns.</typeparam>
    public PipelineBuilder<TInput> Step<T1, T2, T3, TResult>(
        string name, Func<PipelineContext<TInput>, T1, T2, T3, Task<TResult>> body, Action<StepSettings<TInput>>? settings = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        where T1 : notnull where T2 : notnull where T3 : notnull =>
        Step(name, StepAction<TInput>.Returning(body), settings, file, line);

    /// <summary>Adds a step from data to data: it gets all of the data to read, and what it returns is merged into it.</summary>
    /// <typeparam name="TResult">The type of what it returns: an object is merged by its members, anything else is put under the step's name.</typeparam>
    /// <param name="name">The step's name.</param>
    /// <param name="body">The step's code.</param>
    /// <param name="settings">Retry, timeout, queue, undo; null for the defaults.</param>
    /// <param name="file">Filled by the compiler.</param>
    /// <param name="line">Filled by the compiler.</param>
    public PipelineBuilder<TInput> Map<TResult>(
        string name, Func<RunDataView, Task<TResult>> body, Action<StepSettings<TInput>>? settings = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        Step(name, StepAction<TInput>.Mapping(body), settings, file, line);

    /// <inheritdoc cref="Map{TResult}"/>
    /// <typeparam name="T1">What the parameter behind the data is filled with.</typeparam>
    /// <typeparam name="TResult">The type of what it returns.</typeparam>
    public PipelineBuilder<TInput> Map<T1, TResult>(
        string name, Func<RunDataView, T1, Task<TResult>> body, Action<StepSettings<TInput>>? settings = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        where T1 : notnull =>
        Step(name, StepAction<TInput>.Mapping(body), settings, file, line);

    private PipelineBuilder<TInput> Step(string name, StepAction<TInput> action, Action<StepSettings<TInput>>? set, string file, int line)
    {
        var settings = new StepSettings<TInput>();
        set?.Invoke(settings);
        var step = new StepNode<TInput>(Taken(name), action, settings, new SourceLine(file, line)).Checked();
        if (settings.UndoName is { } undo)
        {
            _plan.Take(undo);
            _plan.HasUndos = true;
        }
        if (settings.QueueName is not null) _plan.QueuedSteps.Add(step);
        return Add(step);
    }
}
