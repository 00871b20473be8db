using Perdure.Authoring;

namespace Perdure;

/// <summary>A workflow that takes an input and returns a result. A new instance serves each activation of a run.</summary>
/// <typeparam name="TIn">The input's type; <see cref="Unit"/> for none.</typeparam>
/// <typeparam name="TOut">The result's type.</typeparam>
/// <example>
/// <code>
/// [Workflow("greet")]
/// public sealed class GreetWorkflow : Workflow&lt;string, string&gt;
/// {
///     public override Task&lt;string&gt; RunAsync(WorkflowContext ctx, string name) =&gt;
///         ctx.StepAsync("greet", () =&gt; Task.FromResult("Hello, " + name));
/// }
/// </code>
/// </example>
public abstract class Workflow<TIn, TOut> : Workflow
{
    /// <summary>The workflow's code. It is entered from the top when a run goes on after a release or a crash.</summary>
    /// <param name="ctx">What the workflow may ask of the engine.</param>
    /// <param name="input">What the run was started with.</param>
    public abstract Task<TOut> RunAsync(WorkflowContext ctx, TIn input);

    internal sealed override WorkflowDescriptor Describe(
        WorkflowIdentity identity, WorkflowOptions options, Func<IServiceProvider?, Workflow> create) =>
        new WorkflowDescriptor<TIn, TOut>(identity, options, services => ((Workflow<TIn, TOut>)create(services)).RunAsync);
}
