namespace Perdure.Authoring;

/// <summary>A call of an activity, before its argument is encoded.</summary>
/// <param name="Name">The activity's name.</param>
/// <param name="Argument">Its input; several arguments are one <see cref="ActivityArguments"/>.</param>
/// <param name="ArgumentType">The type to write the input as; null when there is no input.</param>
/// <param name="Defaults">Options of the definition or attribute; null when the caller does not know them.</param>
/// <param name="IsByName">Whether the caller knows no more than the name, so that the input is to be checked.</param>
internal sealed record ActivityCall(string Name, object? Argument, Type? ArgumentType, ActivityDefaults? Defaults, bool IsByName = false)
{
    /// <summary>The input as JSON.</summary>
    /// <exception cref="InputValidationException">The input cannot be written as JSON.</exception>
    /// <exception cref="PayloadTooLargeException">The input is larger than 1 MiB.</exception>
    public ReadOnlyMemory<byte> Encode(PayloadCodec codec) => Argument switch
    {
        _ when ArgumentType is null => PayloadCodec.Null,
        ActivityArguments arguments => arguments.Encode(codec),
        _ => codec.Serialize(Argument, ArgumentType, PayloadKind.Input),
    };
}
