using System.Text.Encodings.Web;
using System.Text.Json;

namespace Perdure.Authoring;

/// <summary>A JSON writer with its buffer, kept per thread: making one costs more than writing a small result.</summary>
internal sealed class PayloadWriter : IDisposable
{
    [ThreadStatic]
    private static PayloadWriter? _free;

    private readonly JavaScriptEncoder _encoder;
    private readonly PayloadBuffer _buffer = new();

    private PayloadWriter(JavaScriptEncoder encoder)
    {
        _encoder = encoder;
        Json = new Utf8JsonWriter(_buffer, new JsonWriterOptions { Encoder = encoder, MaxDepth = PerdureDefaults.MaxPayloadDepth });
    }

    public Utf8JsonWriter Json { get; }

    /// <summary>What has been flushed so far.</summary>
    public ReadOnlySpan<byte> Written => _buffer.Written;

    /// <summary>Takes the thread's writer; a converter that asks for another one meanwhile gets its own.</summary>
    public static PayloadWriter Rent(JavaScriptEncoder encoder, int limit)
    {
        PayloadWriter? writer = _free;
        _free = null;
        if (writer is null || !ReferenceEquals(writer._encoder, encoder)) writer = new PayloadWriter(encoder);
        writer._buffer.Begin(limit);
        return writer;
    }

    /// <summary>Gives the writer back to its thread. It lives as long as the thread, so nothing is ever disposed of.</summary>
    public void Dispose()
    {
        Json.Reset();
        _free = this;
    }
}
