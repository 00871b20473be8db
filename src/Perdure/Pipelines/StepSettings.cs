using Perdure.Authoring;

namespace Perdure.Pipelines;

/// <summary>Settings of one step of a pipeline. Used while the pipeline is built; not thread-safe.</summary>
/// <typeparam name="TInput">The input's type.</typeparam>
public sealed class StepSettings<TInput>
{
    internal StepSettings()
    {
    }

    internal RetryPolicy? RetryPolicy { get; private set; }

    internal TimeSpan? TimeLimit { get; private set; }

    internal string? QueueName { get; private set; }

    internal string? UndoName { get; private set; }

    internal StepAction<TInput>? Undo { get; private set; }

    internal StepOptions? UndoOptions { get; private set; }

    /// <summary>How failed attempts are repeated.</summary>
    /// <param name="policy">The policy; its waits and its attempts.</param>
    /// <param name="maxAttempts">Executions in all; null for those of the policy.</param>
    public StepSettings<TInput> Retry(RetryPolicy policy, int? maxAttempts = null)
    {
        ArgumentNullException.ThrowIfNull(policy);
        RetryPolicy = maxAttempts is { } attempts ? policy with { MaxAttempts = attempts } : policy;
        return this;
    }

    /// <summary>How often the step may be executed in all, with the waits of the default policy.</summary>
    /// <param name="maxAttempts">1 or more.</param>
    public StepSettings<TInput> MaxAttempts(int maxAttempts) => Retry(RetryPolicy ?? Perdure.RetryPolicy.Default, maxAttempts);

    /// <summary>How often a failed step may be executed again: one less than <see cref="MaxAttempts"/>.</summary>
    /// <param name="retries">0 or more.</param>
    public StepSettings<TInput> Retries(int retries) => MaxAttempts(retries + 1);

    /// <summary>The limit of one attempt.</summary>
    /// <param name="limit">The limit.</param>
    public StepSettings<TInput> Timeout(TimeSpan limit)
    {
        TimeLimit = limit;
        return this;
    }

    /// <summary>The limit of one attempt, as text.</summary>
    /// <param name="limit">For example <c>"5m"</c>.</param>
    public StepSettings<TInput> Timeout(string limit) => Timeout(Durations.Parse(limit));

    /// <summary>Runs the step as an activity on a queue, on whichever worker serves it.</summary>
    /// <param name="queue">The queue's name.</param>
    public StepSettings<TInput> Queue(string queue)
    {
        Names.Validate(NameKind.Queue, queue);
        QueueName = queue;
        return this;
    }

    /// <summary>How the step is undone when the pipeline fails behind it. The undo sees the data as it was behind its step; what it writes is dropped.</summary>
    /// <param name="name">The undo's name.</param>
    /// <param name="undo">Its code.</param>
    /// <param name="options">Retry and timeout of the undo; null for the defaults.</param>
    public StepSettings<TInput> Compensate(string name, Func<PipelineContext<TInput>, Task> undo, StepOptions? options = null) => Compensate(name, StepAction<TInput>.Of(undo), options);

    /// <inheritdoc cref="Compensate(string, Func{PipelineContext{TInput}, Task}, StepOptions?)"/>
    /// <typeparam name="T1">What the parameter is filled with.</typeparam>
    public StepSettings<TInput> Compensate<T1>(string name, Func<PipelineContext<TInput>, T1, Task> undo, StepOptions? options = null) where T1 : notnull =>
        Compensate(name, StepAction<TInput>.Of(undo), options);

    /// <inheritdoc cref="Compensate(string, Func{PipelineContext{TInput}, Task}, StepOptions?)"/>
    /// <typeparam name="T1">What the first parameter is filled with.</typeparam>
    /// <typeparam name="T2">What the second parameter is filled with.</typeparam>
    public StepSettings<TInput> Compensate<T1, T2>(string name, Func<PipelineContext<TInput>, T1, T2, Task> undo, StepOptions? options = null)
        where T1 : notnull where T2 : notnull =>
        Compensate(name, StepAction<TInput>.Of(undo), options);

    private StepSettings<TInput> Compensate(string name, StepAction<TInput> undo, StepOptions? options)
    {
        options?.Validate();
        (UndoName, Undo, UndoOptions) = (name, undo, options);
        return this;
    }
}
