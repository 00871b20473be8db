namespace Perdure.Authoring;

/// <summary>A registered workflow with its input and output types.</summary>
/// <param name="identity">Name, version, code.</param>
/// <param name="options">Options of the attribute and the registration.</param>
/// <param name="bind">Creates an instance, or returns the function, for one activation.</param>
internal sealed class WorkflowDescriptor<TIn, TOut>(
    WorkflowIdentity identity, WorkflowOptions options, Func<IServiceProvider?, Func<WorkflowContext, TIn, Task<TOut>>> bind)
    : WorkflowDescriptor(identity, options)
{
    public override Type InputType => typeof(TIn);

    public override Type OutputType => typeof(TOut);

    public override async Task<ReadOnlyMemory<byte>> RunAsync(
        WorkflowContext context, ReadOnlyMemory<byte> input, PayloadCodec codec, IServiceProvider? services)
    {
        TIn decoded = codec.Deserialize<TIn>(input.Span);
        TOut result = await bind(services)(context, decoded);
        return codec.Serialize(result);
    }
}
