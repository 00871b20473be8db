using Perdure.Authoring;

namespace Perdure.Pipelines;

/// <content>Options of the whole pipeline. Those of a start win over them.</content>
public sealed partial class PipelineBuilder<TInput>
{
    /// <summary>The longest that a run may take; then it is cancelled as timed out.</summary>
    /// <param name="limit">The limit, counted from the start.</param>
    public PipelineBuilder<TInput> Timeout(TimeSpan limit) => With(_plan.Options with { RunTimeout = limit });

    /// <summary>The longest that a run may take, as text.</summary>
    /// <param name="limit">For example <c>"2h"</c>.</param>
    public PipelineBuilder<TInput> Timeout(string limit) => Timeout(Durations.Parse(limit));

    /// <summary>How often the whole pipeline may be executed: a failed run begins anew, and completed steps are not repeated.</summary>
    /// <param name="maxAttempts">1 or more (default 1).</param>
    public PipelineBuilder<TInput> MaxAttempts(int maxAttempts) => Retry(_plan.Options.Retry ?? RetryPolicy.Default, maxAttempts);

    /// <summary>How often a failed pipeline may be executed again: one less than <see cref="MaxAttempts"/>.</summary>
    /// <param name="retries">0 or more.</param>
    public PipelineBuilder<TInput> Retries(int retries) => MaxAttempts(retries + 1);

    /// <summary>How a failed run is repeated.</summary>
    /// <param name="policy">The policy; its waits and its attempts.</param>
    /// <param name="maxAttempts">Executions in all; null for those of the policy.</param>
    public PipelineBuilder<TInput> Retry(RetryPolicy policy, int? maxAttempts = null)
    {
        ArgumentNullException.ThrowIfNull(policy);
        return With(_plan.Options with { Retry = maxAttempts is { } attempts ? policy with { MaxAttempts = attempts } : policy });
    }

    /// <summary>The queue from which workers take its runs.</summary>
    /// <param name="queue">The queue's name.</param>
    public PipelineBuilder<TInput> Queue(string queue) => With(_plan.Options with { Queue = queue });

    /// <summary>Which runs are taken first: higher ones.</summary>
    /// <param name="priority">−1000 to 1000 (default 0).</param>
    public PipelineBuilder<TInput> Priority(int priority) => With(_plan.Options with { Priority = priority });

    /// <summary>Whether a cancellation and the timeout undo completed steps too (default: only a failure does).</summary>
    public PipelineBuilder<TInput> CompensateOnCancel()
    {
        _plan.CompensateOnCancel = true;
        return this;
    }

    /// <summary>Whether a step is undone as well that had begun and of which nobody knows whether it took effect (default: only completed ones are).</summary>
    public PipelineBuilder<TInput> CompensateInDoubt()
    {
        _plan.CompensateInDoubt = true;
        return this;
    }

    private PipelineBuilder<TInput> With(WorkflowOptions options)
    {
        options.Validate();
        _plan.Options = options;
        return this;
    }
}
