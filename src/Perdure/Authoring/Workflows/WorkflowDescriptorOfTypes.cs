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

    public override Task Enter(WorkflowContext context, ReadOnlyMemory<byte> input, PayloadCodec codec, IServiceProvider? services)
    {
        // Not async: a run that waits would keep a second state machine for it.
        try
        {
            var decoded = codec.Deserialize<TIn>(input.Span);
            context.Input = decoded;
            return bind(services)(context, decoded)
                ?? throw new InvalidOperationException($"Workflow \"{Name}\" returned null where a Task<{typeof(TOut).Name}> was expected. Make it async, or return a task.");
        }
        catch (Exception e)
        {
            return Task.FromException<TOut>(e);
        }
    }

    public override ReadOnlyMemory<byte> ResultOf(Task entered, PayloadCodec codec) => codec.Serialize(((Task<TOut>)entered).Result);
}
