using Perdure.Authoring;
using Perdure.Formats;
using Perdure.Storage;

namespace Perdure.Runtime;

/// <summary>Reads recorded payloads; one that does not fit the declared type blocks the run.</summary>
internal static class Payload
{
    public static T Read<T>(PayloadCodec codec, in EventRecord e, string name)
    {
        try
        {
            return codec.Deserialize<T>(e.Data.Span);
        }
        catch (Exception exception)
        {
            throw Undecodable(e, name, typeof(T), exception);
        }
    }

    public static object? Read(PayloadCodec codec, in EventRecord e, Signal signal)
    {
        try
        {
            return signal.Decode(codec, e.Data.Span);
        }
        catch (Exception exception)
        {
            throw Undecodable(e, signal.Name, signal.PayloadType, exception);
        }
    }

    /// <summary>The value of an answer to a request.</summary>
    public static T ReadAnswer<T>(PayloadCodec codec, in EventRecord e, string name)
    {
        try
        {
            return codec.Deserialize<T>(RequestAnswerJson.ValueOf(e.Data).Span);
        }
        catch (Exception exception)
        {
            throw Undecodable(e, name, typeof(T), exception);
        }
    }

    public static Failure ReadFailure(in EventRecord e)
    {
        try
        {
            return Failure.Decode(e.Data.Span);
        }
        catch (UndecodablePayloadException exception)
        {
            throw Undecodable(e, e.Name, typeof(Failure), exception);
        }
    }

    private static BlockException Undecodable(in EventRecord e, string name, Type type, Exception exception) => new(RunBlockedReason.UndecodablePayload,
        $"The payload of event {e.Sequence} ({e.Kind} \"{name}\") cannot be read as {type}: {exception.GetType().Name}. Restore the type (or the key that decodes it) and resume the run.");
}
