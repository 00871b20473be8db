using Microsoft.Extensions.DependencyInjection;
using Perdure.Torture.Adapter.Bodies;
using Perdure.Torture.Adapter.Programs;

namespace Perdure.Torture.Adapter.Interpretation;

/// <summary>The one workflow of the test.</summary>
internal static class TortureWorkflow
{
    public static readonly WorkflowDefinition<TortureProgram, string> Definition = new("torture");

    /// <summary>
    /// The qualified id of the sleep or wait that the program asks for next. Those have no name of their own in the history; what was published directly before is one.
    /// </summary>
    public static readonly Published<string> Next = new("next");

    public static void Register(IPerdureBuilder builder, IStepBodies bodies, int maxDeliveries) => builder.AddWorkflow(
        Definition, (ctx, program) => new Interpreter(ctx, program, bodies).RunAsync(), new WorkflowOptions { MaxCrashes = maxDeliveries });
}
