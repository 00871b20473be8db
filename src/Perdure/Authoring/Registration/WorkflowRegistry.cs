using System.Diagnostics.CodeAnalysis;

namespace Perdure.Authoring;

/// <summary>The workflows that this process can run. Filled while the host is built, then only read.</summary>
internal sealed class WorkflowRegistry
{
    private readonly Dictionary<(string Name, int Version), WorkflowDescriptor> _workflows = [];
    private readonly Dictionary<string, WorkflowDescriptor> _latest = new(StringComparer.Ordinal);

    public IReadOnlyCollection<WorkflowDescriptor> All => _workflows.Values;

    /// <summary>Which build this is.</summary>
    public CodeBuild Build { get; private set; } = CodeBuild.Unnamed;

    /// <summary>The code for a run that was started with this version.</summary>
    public WorkflowDescriptor? Find(string name, int version) => _workflows.GetValueOrDefault((name, version));

    /// <summary>The code for a run that was started with this version and is pinned to this build, if it may be driven here.</summary>
    public WorkflowDescriptor? Find(string name, int version, string? build) => Build.Drives(build) ? Find(name, version) : null;

    /// <summary>The highest version: what a start by name gets.</summary>
    public WorkflowDescriptor? FindLatest(string name) => _latest.GetValueOrDefault(name);

    /// <summary>The highest version: what a start by name gets.</summary>
    /// <exception cref="UnknownWorkflowException">There is none; the message names the nearest.</exception>
    public WorkflowDescriptor GetLatest(string name) => FindLatest(name)
        ?? throw new UnknownWorkflowException(name, _latest.Count == 0
            ? "none is."
            : NearestName.Hint(name, [.. _latest.Keys.Order(StringComparer.Ordinal)])
                + " To start one that only other processes run, set StartOptions.AllowRemote.");

    /// <exception cref="InvalidOptionException">Other code has this name and version, or an option breaks a rule.</exception>
    public void Add(WorkflowDescriptor workflow)
    {
        Names.Validate(NameKind.Workflow, workflow.Name);
        workflow.Options.Validate();
        if (_workflows.TryGetValue((workflow.Name, workflow.Version), out WorkflowDescriptor? existing))
        {
            if (existing.Code.Equals(workflow.Code)) return;
            throw new InvalidOptionException(workflow.Name,
                $"The workflow {WorkflowIdentity.Format(workflow.Name, workflow.Version)} is registered twice, with different code: "
                + $"{existing.Code} and {workflow.Code}. Rename one, or raise its version.",
                ErrorCodes.DuplicateRegistration);
        }
        _workflows.Add((workflow.Name, workflow.Version), workflow);
        if (FindLatest(workflow.Name) is not { } latest || latest.Version < workflow.Version) _latest[workflow.Name] = workflow;
    }

    /// <summary>Says which build this is.</summary>
    /// <exception cref="InvalidOptionException">A workflow pins its runs, and nobody has named the build.</exception>
    public void Name(CodeBuild build)
    {
        Build = build;
        if (build.Id is not null) return;
        foreach (var workflow in _workflows.Values)
        {
            if (workflow.Options.PinToBuild != true) continue;
            throw new InvalidOptionException("PerdureOptions.BuildId",
                $"Runs of the workflow {WorkflowIdentity.Format(workflow.Name, workflow.Version)} are pinned to their build (PinToBuild), and this build has no name. Set PerdureOptions.BuildId.");
        }
    }

    /// <summary>Registers a workflow of the engine's own. Its name and queue begin with an underscore, which nobody else's may.</summary>
    public void AddBuiltIn(WorkflowDescriptor workflow) => (_workflows[(workflow.Name, workflow.Version)], _latest[workflow.Name]) = (workflow, workflow);

    /// <summary>Registers a class.</summary>
    /// <exception cref="InvalidOptionException">
    /// Its definition differs from its attribute, it has no usable constructor, or <see cref="Add(WorkflowDescriptor)"/> refuses it.
    /// </exception>
    public void Add<[DynamicallyAccessedMembers(WorkflowClass.Needed)] TWorkflow>(WorkflowOptions? options = null)
        where TWorkflow : Workflow =>
        Add(WorkflowClass.Describe(typeof(TWorkflow), options));

    /// <summary>Registers a function with a result.</summary>
    public void Add<TIn, TOut>(string name, Func<WorkflowContext, TIn, Task<TOut>> body, WorkflowOptions? options = null) =>
        AddFunction(name, 1, body, body, options);

    /// <summary>Registers a function without a result.</summary>
    public void Add<TIn>(string name, Func<WorkflowContext, TIn, Task> body, WorkflowOptions? options = null) =>
        AddProcedure(name, 1, body, options);

    /// <summary>Registers a function under a definition.</summary>
    public void Add<TIn, TOut>(
        WorkflowDefinition<TIn, TOut> workflow, Func<WorkflowContext, TIn, Task<TOut>> body, WorkflowOptions? options = null) =>
        AddFunction(workflow.Name, workflow.Version, body, body, options);

    /// <summary>Registers a function without a result under a definition.</summary>
    public void Add<TIn>(WorkflowDefinition<TIn> workflow, Func<WorkflowContext, TIn, Task> body, WorkflowOptions? options = null) =>
        AddProcedure(workflow.Name, workflow.Version, body, options);

    private void AddProcedure<TIn>(string name, int version, Func<WorkflowContext, TIn, Task> body, WorkflowOptions? options)
    {
        ArgumentNullException.ThrowIfNull(body);
        AddFunction<TIn, Unit>(name, version, body, (context, input) => UnitTask.From(body(context, input)), options);
    }

    private void AddFunction<TIn, TOut>(
        string name, int version, Delegate code, Func<WorkflowContext, TIn, Task<TOut>> body, WorkflowOptions? options)
    {
        ArgumentNullException.ThrowIfNull(body);
        Add(new WorkflowDescriptor<TIn, TOut>(new WorkflowIdentity(name, version, code.Method), options ?? new(), _ => body));
    }
}
