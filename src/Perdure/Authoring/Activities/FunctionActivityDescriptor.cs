namespace Perdure.Authoring;

/// <summary>An activity that is a function of its input and of services.</summary>
/// <param name="name">The activity's name.</param>
/// <param name="defaults">Options of the registration.</param>
/// <param name="code">The function that was registered.</param>
/// <param name="needsServices">Whether it asks for a service.</param>
/// <param name="body">Fills the parameters and calls the function.</param>
internal sealed class FunctionActivityDescriptor<TIn, TOut>(
    string name, ActivityDefaults? defaults, object code, bool needsServices, Func<AttemptScope, TIn, Task<TOut>> body)
    : ActivityDescriptor(name, defaults, code)
{
    public override bool NeedsServices => needsServices;

    public override void CheckInput(ReadOnlyMemory<byte> input, PayloadCodec codec) => codec.Check(input.Span, typeof(TIn));

    public override async Task<ReadOnlyMemory<byte>> InvokeAsync(AttemptScope scope, ReadOnlyMemory<byte> input, PayloadCodec codec)
    {
        TIn decoded = codec.Deserialize<TIn>(input.Span);
        TOut result = await body(scope, decoded);
        return codec.Serialize(result);
    }
}
