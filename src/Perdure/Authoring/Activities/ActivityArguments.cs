namespace Perdure.Authoring;

/// <summary>The arguments of an activity with several parameters: one JSON array, each element written as its parameter's type.</summary>
internal sealed class ActivityArguments(object?[] values, Type[] types)
{
    public ReadOnlyMemory<byte> Encode(PayloadCodec codec) => codec.SerializeArray(values, types, PayloadKind.Input);
}
