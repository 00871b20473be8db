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

    /// <summary>What the workflow can do; null when only its code knows.</summary>
    public WorkflowGraph? Graph { get; init; }

    public abstract Type InputType { get; }

    public abstract Type OutputType { get; }

    /// <summary>
    /// Decodes the input, creates the workflow and enters it; whatever goes wrong is in the task. An <see cref="UndecodablePayloadException"/> means that the input does not
    /// fit its type and no user code ran. Call it on the run's pump.
    /// </summary>
    public abstract Task Enter(WorkflowContext context, ReadOnlyMemory<byte> input, PayloadCodec codec, IServiceProvider? services);

    /// <summary>The encoded result of what <see cref="Enter"/> returned, once it has completed. Call it on the run's pump.</summary>
    public abstract ReadOnlyMemory<byte> ResultOf(Task entered, PayloadCodec codec);
}
