using Perdure.Authoring;

namespace Perdure.Client;

/// <summary>A start that has been checked: everything that does not depend on the store.</summary>
/// <param name="Workflow">Name of the workflow.</param>
/// <param name="Version">Version of the workflow.</param>
/// <param name="Input">Input, JSON.</param>
/// <param name="Start">Options of the start.</param>
/// <param name="Options">The start's options over those of the workflow.</param>
/// <param name="Build">The build that the run is pinned to, or null.</param>
internal sealed record StartRequest(string Workflow, int Version, ReadOnlyMemory<byte> Input, StartOptions Start, WorkflowOptions Options, string? Build)
{
    /// <summary>What a conflict is about: the key, or the id.</summary>
    public string Name => Start.Key ?? Start.Id ?? "";

    /// <exception cref="InputValidationException">The definition's input type is not the one that is registered, and the input does not fit that.</exception>
    public static StartRequest For<TIn>(
        WorkflowDefinition<TIn> workflow, TIn input, StartOptions? start, WorkflowRegistry workflows, PayloadCodec codec)
    {
        ArgumentNullException.ThrowIfNull(workflow);
        var code = workflows.Find(workflow.Name, workflow.Version);
        var json = codec.Serialize(input, PayloadKind.Input);
        if (code is not null && code.InputType != typeof(TIn)) codec.Check(json.Span, code.InputType);
        return Create(workflow.Name, workflow.Version, json, start, code, workflows.Build);
    }

    /// <exception cref="UnknownWorkflowException">No such workflow is registered here, and the start does not say that another process has it.</exception>
    /// <exception cref="InputValidationException">The input does not fit the registered type.</exception>
    public static StartRequest ByName(string workflow, object? input, StartOptions? start, WorkflowRegistry workflows, PayloadCodec codec)
    {
        Names.Validate(NameKind.Workflow, workflow);
        var code = start is { AllowRemote: true } ? workflows.FindLatest(workflow) : workflows.GetLatest(workflow);
        return Create(workflow, code?.Version ?? 1, codec.SerializeFor(input, code?.InputType, PayloadKind.Input), start, code, workflows.Build);
    }

    private static StartRequest Create(string workflow, int version, ReadOnlyMemory<byte> input, StartOptions? start, WorkflowDescriptor? code, CodeBuild build)
    {
        start ??= NoOptions;
        start.Validate();
        // Most starts say nothing of their own.
        var options = ReferenceEquals(start, NoOptions) ? code?.Options ?? NoWorkflowOptions : start.Over(code?.Options);
        return new StartRequest(workflow, version, input, start, options, start.Build ?? build.PinOf(options));
    }

    private static readonly StartOptions NoOptions = new();
    private static readonly WorkflowOptions NoWorkflowOptions = new();
}
