namespace Perdure.Authoring;

/// <summary>What answers one query of a workflow.</summary>
internal abstract class QueryHandler
{
    /// <summary>Reads the argument, and answers.</summary>
    /// <param name="argument">JSON; empty for none.</param>
    /// <param name="codec">Reads and writes payloads.</param>
    /// <exception cref="InputValidationException">The argument does not fit.</exception>
    public abstract ReadOnlyMemory<byte> Answer(ReadOnlyMemory<byte> argument, PayloadCodec codec);
}

/// <summary>Answers without an argument.</summary>
internal sealed class QueryHandler<TResult>(Func<TResult> handler) : QueryHandler
{
    public override ReadOnlyMemory<byte> Answer(ReadOnlyMemory<byte> argument, PayloadCodec codec) => argument.IsEmpty
        ? codec.Serialize(handler())
        : throw new InputValidationException("The query takes no argument.");
}

/// <summary>Answers with an argument.</summary>
internal sealed class QueryHandler<TArgument, TResult>(Func<TArgument, TResult> handler) : QueryHandler
{
    public override ReadOnlyMemory<byte> Answer(ReadOnlyMemory<byte> argument, PayloadCodec codec)
    {
        codec.Check(argument.Span, typeof(TArgument));
        return codec.Serialize(handler(codec.Deserialize<TArgument>(argument.Span)));
    }
}
