using System.Text.Json;
using Perdure.Authoring;

namespace Perdure.Pipelines;

/// <summary>
/// Workflows that are declared instead of written: named steps with branches, loops, waits and undos, whose graph is known before they run. A pipeline is a workflow like any other,
/// of the same operations and with the same guarantees.
/// </summary>
/// <example>
/// <code>
/// public static readonly PipelineDefinition&lt;Order&gt; ProcessOrder = Pipeline.Define&lt;Order&gt;("process_order", p => p
///     .Timeout("2h")
///     .Step("validate", c => Validate(c.Input))
///     .Step("charge", (PipelineContext&lt;Order&gt; c, IPayments payments) => payments.ChargeAsync(c.Input), s => s
///         .Retry(RetryPolicy.Exponential(2), 3).Timeout("5m")));
/// </code>
/// </example>
public static class Pipeline
{
    /// <summary>Defines a pipeline with a typed input.</summary>
    /// <typeparam name="TInput">The input's type.</typeparam>
    /// <param name="name">The workflow's name.</param>
    /// <param name="build">Adds the steps, in order.</param>
    /// <param name="version">The workflow's version; see <see cref="WorkflowAttribute.Version"/>.</param>
    /// <exception cref="InvalidOptionException">A name breaks its rule or is used twice, a block is empty, or an option is out of range.</exception>
    public static PipelineDefinition<TInput> Define<TInput>(string name, Action<PipelineBuilder<TInput>> build, int version = 1)
    {
        Names.Validate(NameKind.Workflow, name);
        ArgumentNullException.ThrowIfNull(build);
        var plan = new PipelinePlan<TInput>(name);
        build(new PipelineBuilder<TInput>(plan));
        return new PipelineDefinition<TInput>(name, version, plan);
    }

    /// <summary>Defines a pipeline that takes any JSON.</summary>
    /// <inheritdoc cref="Define{TInput}"/>
    public static PipelineDefinition<JsonElement> Define(string name, Action<PipelineBuilder<JsonElement>> build, int version = 1) => Define<JsonElement>(name, build, version);
}
