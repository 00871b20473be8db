using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Perdure.Files.Rows;

/// <summary>
/// Events as lines of JSON, one a line, and back to exactly the bytes that they were. What does not come back exactly is kept as bytes. Not thread safe.
/// </summary>
/// <remarks>
/// The checksum of each event stands in its line and is not looked at here: whoever reads the history builds on the chain, and finds any change to a line there. A line that
/// cannot be read at all becomes an event that cannot be read.
/// </remarks>
internal sealed class EventLines
{
    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = 256 };
    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 256 };

    private readonly ByteWriter _scratch = new();
    private readonly ArrayBufferWriter<byte> _lines = new();

    /// <summary>The lines of a batch; <paramref name="onEvent"/> sees each event that can be read.</summary>
    public ReadOnlyMemory<byte> Write(in EventBatch batch, Action<EventRecord>? onEvent = null)
    {
        _lines.ResetWrittenCount();
        if (!TryWriteEvents(batch, onEvent)) WriteOpaque(batch);
        return _lines.WrittenMemory.ToArray();
    }

    /// <summary>All batches of a file, one a line. <paramref name="expected"/>: how many events there must be at least.</summary>
    public static List<EventBatch> Read(ReadOnlyMemory<byte> file, int expected)
    {
        var batches = new List<EventBatch>();
        var next = 0;
        while (!file.IsEmpty)
        {
            var end = file.Span.IndexOf((byte)'\n');
            var line = end < 0 ? file : file[..end];
            file = end < 0 ? default : file[(end + 1)..];
            // A last line without its end was torn by somebody else: what the owner writes is repaired from the journal.
            var batch = end < 0 ? null : ReadLine(line);
            batches.Add(batch ?? new EventBatch(next, 1, line));
            next = batches[^1].End;
        }
        if (next < expected) batches.Add(new EventBatch(next, expected - next, "missing"u8.ToArray()));
        return batches;
    }

    private bool TryWriteEvents(in EventBatch batch, Action<EventRecord>? onEvent)
    {
        try
        {
            var offset = 0;
            for (var i = 0; i < batch.Count; i++)
            {
                var start = offset;
                var e = EventCodec.ReadStored(batch.Bytes, ref offset, batch.FirstSequence + i, out var checksum);
                _scratch.Truncate(0);
                EventCodec.WriteStored(_scratch, e, checksum);
                if (!_scratch.Written().SequenceEqual(batch.Bytes.Span[start..offset]) || !IsReadable(e)) return false;
                Write(e, checksum);
                onEvent?.Invoke(e);
            }
            return offset == batch.Bytes.Length;
        }
        catch (CorruptHistoryException)
        {
            return false;
        }
    }

    /// <summary>Whether a line can hold the event as it is.</summary>
    private static bool IsReadable(in EventRecord e) =>
        EventNames.Of(e.Kind) is not null && IsText(e.Name) && (e.Source is null || IsText(e.Source)) && (e.Note is null || IsText(e.Note))
        && (e.Place is null || IsText(e.Place));

    private static bool IsText(string text) => !text.Contains('\uFFFD', StringComparison.Ordinal);

    private void Write(in EventRecord e, uint checksum)
    {
        using (var json = new Utf8JsonWriter(_lines, Compact))
        {
            json.WriteStartObject();
            json.WriteNumber("seq"u8, e.Sequence);
            json.WritePropertyName("at"u8);
            InstantConverter.Write(json, e.At);
            json.WriteString("event"u8, EventNames.Of(e.Kind));
            if (e.Operation != EventRecord.NoOperation) json.WriteNumber("operation"u8, e.Operation);
            if (e.Attempt != 0) json.WriteNumber("attempt"u8, e.Attempt);
            if (e.Losses != 0) json.WriteNumber("losses"u8, e.Losses);
            if (e.Undoes is { } undoes) json.WriteNumber("undoes"u8, undoes);
            if (e.Name.Length > 0) json.WriteString("name"u8, e.Name);
            if (e.Source is not null) json.WriteString("source"u8, e.Source);
            if (!e.Due.IsNever)
            {
                json.WritePropertyName("due"u8);
                InstantConverter.Write(json, e.Due);
            }
            if (e.Note is not null) json.WriteString("note"u8, e.Note);
            if (e.Place is not null) json.WriteString("place"u8, e.Place);
            WriteData(json, e.Data.Span);
            json.WriteString("checksum"u8, checksum.ToString("x8", CultureInfo.InvariantCulture));
            json.WriteEndObject();
        }
        _lines.Write("\n"u8);
    }

    private static void WriteData(Utf8JsonWriter json, ReadOnlySpan<byte> data)
    {
        if (data.IsEmpty) return;
        if (PayloadConverter.IsPlain(data) && data.IndexOfAny((byte)'\r', (byte)'\n') < 0)
        {
            json.WritePropertyName("data"u8);
            json.WriteRawValue(data, skipInputValidation: true);
        }
        else json.WriteBase64String("bytes"u8, data);
    }

    private void WriteOpaque(in EventBatch batch)
    {
        _lines.ResetWrittenCount();
        using (var json = new Utf8JsonWriter(_lines, Compact))
        {
            json.WriteStartObject();
            json.WriteNumber("seq"u8, batch.FirstSequence);
            json.WriteNumber("count"u8, batch.Count);
            json.WriteBase64String("bytes"u8, batch.Bytes.Span);
            json.WriteEndObject();
        }
        _lines.Write("\n"u8);
    }

    private static EventBatch? ReadLine(ReadOnlyMemory<byte> line)
    {
        try
        {
            using var json = JsonDocument.Parse(line, Deep);
            var root = json.RootElement;
            var sequence = root.GetProperty("seq"u8).GetInt32();
            if (root.TryGetProperty("count"u8, out var count)) return new EventBatch(sequence, count.GetInt32(), root.GetProperty("bytes"u8).GetBytesFromBase64());
            if (EventNames.Find(root.GetProperty("event"u8).GetString()!) is not { } kind) return null;
            var e = new EventRecord
            {
                Sequence = sequence, Kind = kind, At = Time(root.GetProperty("at"u8)), Operation = Number(root, "operation"u8) ?? EventRecord.NoOperation,
                Attempt = Number(root, "attempt"u8) ?? 0, Losses = Number(root, "losses"u8) ?? 0, Undoes = Number(root, "undoes"u8), Name = Text(root, "name"u8) ?? "",
                Source = Text(root, "source"u8), Due = root.TryGetProperty("due"u8, out var due) ? Time(due) : Instant.Never, Note = Text(root, "note"u8),
                Place = Text(root, "place"u8), Data = Data(root),
            };
            var checksum = uint.Parse(root.GetProperty("checksum"u8).GetString()!, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            var buffer = new ByteWriter(line.Length);
            EventCodec.WriteStored(buffer, e, checksum);
            return new EventBatch(sequence, 1, buffer.Detach());
        }
        catch (Exception e) when (e is JsonException or FormatException or KeyNotFoundException or InvalidOperationException or OverflowException or ArgumentException)
        {
            return null;
        }
    }

    private static ReadOnlyMemory<byte> Data(JsonElement root)
    {
        if (root.TryGetProperty("data"u8, out var data)) return JsonMarshal.GetRawUtf8Value(data).ToArray();
        return root.TryGetProperty("bytes"u8, out var bytes) ? bytes.GetBytesFromBase64() : default(ReadOnlyMemory<byte>);
    }

    private static int? Number(JsonElement root, ReadOnlySpan<byte> name) => root.TryGetProperty(name, out var value) ? value.GetInt32() : null;

    private static string? Text(JsonElement root, ReadOnlySpan<byte> name) => root.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static Instant Time(JsonElement value)
    {
        var reader = new Utf8JsonReader(JsonMarshal.GetRawUtf8Value(value));
        reader.Read();
        return InstantConverter.Read(ref reader);
    }
}
