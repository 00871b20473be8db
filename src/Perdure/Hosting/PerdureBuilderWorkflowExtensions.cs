using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Perdure;
using Perdure.Authoring;
using Perdure.Hosting;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers workflows. The same code registered twice is no error; other code under a name that is taken is.</summary>
public static class PerdureBuilderWorkflowExtensions
{
    /// <summary>Registers a workflow class, and the schedules that it has by <see cref="ScheduleAttribute"/>.</summary>
    /// <typeparam name="TWorkflow">The class; its constructor's parameters are services.</typeparam>
    /// <param name="builder">The builder.</param>
    /// <param name="options">Options that win over the class's attribute.</param>
    /// <exception cref="InvalidOptionException">The class cannot be a workflow, its name is taken, or an option breaks a rule.</exception>
    public static IPerdureBuilder AddWorkflow<[DynamicallyAccessedMembers(WorkflowClass.Needed)] TWorkflow>(
        this IPerdureBuilder builder, WorkflowOptions? options = null) where TWorkflow : Workflow
    {
        var setup = PerdureSetup.Of(builder);
        setup.Workflows.Add<TWorkflow>(options);
        ScheduledClasses.Add(setup, typeof(TWorkflow));
        return builder;
    }

    /// <summary>Registers a function as a workflow.</summary>
    /// <typeparam name="TIn">The input's type.</typeparam>
    /// <typeparam name="TOut">The result's type.</typeparam>
    /// <param name="builder">The builder.</param>
    /// <param name="name">The workflow's name.</param>
    /// <param name="body">The workflow's code.</param>
    /// <param name="options">Options of the workflow.</param>
    /// <exception cref="InvalidOptionException">The name breaks its rule or is taken, or an option breaks a rule.</exception>
    public static IPerdureBuilder AddWorkflow<TIn, TOut>(
        this IPerdureBuilder builder, string name, Func<WorkflowContext, TIn, Task<TOut>> body, WorkflowOptions? options = null)
    {
        PerdureSetup.Of(builder).Workflows.Add(name, body, options);
        return builder;
    }

    /// <summary>Registers a function without a result as a workflow.</summary>
    /// <inheritdoc cref="AddWorkflow{TIn, TOut}(IPerdureBuilder, string, Func{WorkflowContext, TIn, Task{TOut}}, WorkflowOptions?)"/>
    public static IPerdureBuilder AddWorkflow<TIn>(
        this IPerdureBuilder builder, string name, Func<WorkflowContext, TIn, Task> body, WorkflowOptions? options = null)
    {
        PerdureSetup.Of(builder).Workflows.Add(name, body, options);
        return builder;
    }

    /// <summary>Registers a function under a definition, which gives name, version and types.</summary>
    /// <typeparam name="TIn">The input's type.</typeparam>
    /// <typeparam name="TOut">The result's type.</typeparam>
    /// <param name="builder">The builder.</param>
    /// <param name="workflow">The definition.</param>
    /// <param name="body">The workflow's code.</param>
    /// <param name="options">Options of the workflow.</param>
    /// <exception cref="InvalidOptionException">Name and version are taken, or an option breaks a rule.</exception>
    public static IPerdureBuilder AddWorkflow<TIn, TOut>(
        this IPerdureBuilder builder, WorkflowDefinition<TIn, TOut> workflow, Func<WorkflowContext, TIn, Task<TOut>> body, WorkflowOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(workflow);
        PerdureSetup.Of(builder).Workflows.Add(workflow, body, options);
        return builder;
    }

    /// <summary>Registers a function without a result under a definition.</summary>
    /// <inheritdoc cref="AddWorkflow{TIn, TOut}(IPerdureBuilder, WorkflowDefinition{TIn, TOut}, Func{WorkflowContext, TIn, Task{TOut}}, WorkflowOptions?)"/>
    public static IPerdureBuilder AddWorkflow<TIn>(
        this IPerdureBuilder builder, WorkflowDefinition<TIn> workflow, Func<WorkflowContext, TIn, Task> body, WorkflowOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(workflow);
        PerdureSetup.Of(builder).Workflows.Add(workflow, body, options);
        return builder;
    }

    /// <summary>Registers every class of an assembly that is marked <c>[Workflow]</c>, and every activity that is marked <c>[Activity]</c>.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="assembly">The assembly.</param>
    /// <exception cref="InvalidOptionException">A type cannot be loaded or registered; nothing is left out silently.</exception>
    [RequiresUnreferencedCode("Finds types by reflection; register workflows one by one in trimmed programs.")]
    public static IPerdureBuilder AddWorkflowsFromAssembly(this IPerdureBuilder builder, Assembly assembly)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        var setup = PerdureSetup.Of(builder);
        foreach (var workflow in AssemblyScanner.Register(assembly, setup.Workflows, setup.Activities)) ScheduledClasses.Add(setup, workflow);
        foreach (var (contract, implementation) in setup.Activities.Implementations) ActivityServices.Add(builder.Services, contract, implementation);
        return builder;
    }
}
