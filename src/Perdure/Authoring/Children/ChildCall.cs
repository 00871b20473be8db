namespace Perdure.Authoring;

/// <summary>A call of a child workflow, before its input is encoded.</summary>
/// <param name="Workflow">Name of the workflow.</param>
/// <param name="Version">Its version; 0 for the highest that the process knows.</param>
/// <param name="Input">The input.</param>
/// <param name="InputType">The type to write it as; null for no input.</param>
/// <param name="Options">Options of the call.</param>
internal sealed record ChildCall(string Workflow, int Version, object? Input, Type? InputType, ChildOptions Options)
{
    private static readonly ChildOptions NoOptions = new();

    public static ChildCall Of<TIn>(WorkflowDefinition<TIn> workflow, TIn input, ChildOptions? options)
    {
        ArgumentNullException.ThrowIfNull(workflow);
        options?.Validate();
        return new ChildCall(workflow.Name, workflow.Version, input, typeof(TIn), options ?? NoOptions);
    }

    public static ChildCall ByName(string workflow, object? input, ChildOptions? options)
    {
        Names.Validate(NameKind.Workflow, workflow);
        options?.Validate();
        return new ChildCall(workflow, 0, input, input?.GetType(), options ?? NoOptions);
    }

    /// <summary>The input as JSON.</summary>
    /// <exception cref="InputValidationException">The input cannot be written as JSON.</exception>
    /// <exception cref="PayloadTooLargeException">The input is larger than 1 MiB.</exception>
    public ReadOnlyMemory<byte> Encode(PayloadCodec codec) => InputType is null ? PayloadCodec.Null : codec.Serialize(Input, InputType, PayloadKind.Input);
}
