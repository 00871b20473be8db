using Perdure.Authoring;

namespace Perdure;

/// <summary>A workflow that takes an input and returns nothing. A new instance serves each activation of a run.</summary>
/// <typeparam name="TIn">The input's type; <see cref="Unit"/> for none.</typeparam>
public abstract class Workflow<TIn> : Workflow
{
    /// <summary>The workflow's code. It is entered from the top when a run goes on after a release or a crash.</summary>
    /// <param name="ctx">What the workflow may ask of the engine.</param>
    /// <param name="input">What the run was started with.</param>
    public abstract Task RunAsync(WorkflowContext ctx, TIn input);

    internal sealed override WorkflowDescriptor Describe(
        WorkflowIdentity identity, WorkflowOptions options, Func<IServiceProvider?, Workflow> create) =>
        new WorkflowDescriptor<TIn, Unit>(identity, options, services =>
        {
            var workflow = (Workflow<TIn>)create(services);
            return (ctx, input) => UnitTask.From(workflow.RunAsync(ctx, input));
        });
}
