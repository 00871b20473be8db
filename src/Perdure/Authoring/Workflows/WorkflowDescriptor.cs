namespace Perdure.Authoring;

/// <summary>A registered workflow, with its types closed.</summary>
internal abstract class WorkflowDescriptor(WorkflowIdentity identity, WorkflowOptions options)
{
    public string Name => identity.Name;

    public int Version => identity.Version;

    /// <summary>The class or method behind the name.</summary>
    public object Code => identity.Code;

    /// <summary>Options of the attribute and the registration; those of a start win over them.</summary>
    public WorkflowOptions Options { get; } = options;

    public abstract Type InputType { get; }

    public abstract Type OutputType { get; }

    /// <summary>Decodes the input, creates the workflow, runs it and encodes its result. Call it on the run's pump.</summary>
    /// <exception cref="UndecodablePayloadException">The input does not fit its type; no user code ran.</exception>
    public abstract Task<ReadOnlyMemory<byte>> RunAsync(
        WorkflowContext context, ReadOnlyMemory<byte> input, PayloadCodec codec, IServiceProvider? services);
}
