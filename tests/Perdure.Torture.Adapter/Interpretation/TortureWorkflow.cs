using Microsoft.Extensions.DependencyInjection;
using Perdure.Torture.Adapter.Bodies;
using Perdure.Torture.Adapter.Programs;

namespace Perdure.Torture.Adapter.Interpretation;

/// <summary>The one workflow of the test, and the one activity.</summary>
internal static class TortureWorkflow
{
    public static readonly WorkflowDefinition<TortureProgram, string> Definition = new("torture");

    /// <summary>The body of a step that goes through a queue.</summary>
    public static readonly ActivityDefinition<StepCall, StepValue> Body = new("body");

    /// <summary>
    /// The qualified id of the sleep, wait or child that the program asks for next. Those have no name of their own in the history; what was published directly before is one.
    /// </summary>
    public static readonly Published<string> Next = new("next");

    /// <summary>The tag of a child that names the operation of its parent.</summary>
    public const string ChildTag = "ps";

    /// <summary>The tag that a schedule gives to the runs that it starts.</summary>
    public const string ScheduleTag = "schedule";

    public static void Register(IPerdureBuilder builder, IStepBodies bodies, int maxDeliveries) => builder
        .AddWorkflow(Definition, (ctx, program) => new Interpreter(ctx, program, bodies).RunAsync(), new WorkflowOptions { MaxCrashes = maxDeliveries })
        .AddActivity(Body.Name, (StepCall call, StepInfo attempt, CancellationToken ct) => bodies.RunAsync(call, attempt, ct));
}
