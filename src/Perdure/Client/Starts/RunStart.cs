using Perdure.Authoring;
using Perdure.Client;

namespace Perdure;

/// <summary>One start of several: see <see cref="IPerdureClient.StartManyAsync"/>. Immutable.</summary>
public sealed class RunStart
{
    private readonly Func<WorkflowRegistry, PayloadCodec, StartRequest> _check;

    private RunStart(Func<WorkflowRegistry, PayloadCodec, StartRequest> check) => _check = check;

    /// <summary>A start of a workflow.</summary>
    /// <typeparam name="TIn">The input's type.</typeparam>
    /// <param name="workflow">The workflow. It need not be registered in this process.</param>
    /// <param name="input">The input.</param>
    /// <param name="options">Options of this start; null for none.</param>
    public static RunStart Of<TIn>(WorkflowDefinition<TIn> workflow, TIn input, StartOptions? options = null) =>
        new((workflows, codec) => StartRequest.For(workflow, input, options, workflows, codec));

    /// <summary>A start by the workflow's name, in its highest registered version.</summary>
    /// <param name="workflow">The name.</param>
    /// <param name="input">The input: anything that fits the registered type as JSON.</param>
    /// <param name="options">Options of this start; null for none.</param>
    public static RunStart Of(string workflow, object? input, StartOptions? options = null) =>
        new((workflows, codec) => StartRequest.ByName(workflow, input, options, workflows, codec));

    internal StartRequest Check(WorkflowRegistry workflows, PayloadCodec codec) => _check(workflows, codec);
}
