using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Perdure.Storage;

/// <summary>
/// Events as bytes. Each event ends with a CRC-32C that is chained to its predecessor's, so that an altered, missing or swapped event is
/// found when a history is read.
/// </summary>
/// <remarks>
/// Layout: kind, flags, instant (8 bytes), operation + 1, attempt, losses, [undone operation + 1], name, [source], [due], [note], [place], data, checksum (4 bytes);
/// numbers are variable length, texts and data carry their length.
/// </remarks>
internal static class EventCodec
{
    private const byte HasSource = 1;
    private const byte HasDue = 2;
    private const byte HasNote = 4;
    private const byte HasUndoes = 8;
    private const byte HasPlace = 16;

    /// <summary>Appends <paramref name="e"/> to <paramref name="buffer"/> and returns the checksum that the next event is chained to.</summary>
    public static uint Write(ByteWriter buffer, in EventRecord e, uint previousChecksum)
    {
        var start = buffer.Length;
        WriteFields(buffer, e);
        var checksum = Checksum(previousChecksum, buffer.Written(start));
        buffer.UInt32(checksum);
        return checksum;
    }

    /// <summary>Appends an event with the checksum that was stored with it, right or wrong: whoever reads the history will see.</summary>
    public static void WriteStored(ByteWriter buffer, in EventRecord e, uint storedChecksum)
    {
        WriteFields(buffer, e);
        buffer.UInt32(storedChecksum);
    }

    private static void WriteFields(ByteWriter buffer, in EventRecord e)
    {
        buffer.Byte((byte)e.Kind);
        buffer.Byte((byte)((e.Source is null ? 0 : HasSource) | (e.Due.IsNever ? 0 : HasDue) | (e.Note is null ? 0 : HasNote) | (e.Undoes is null ? 0 : HasUndoes)
            | (e.Place is null ? 0 : HasPlace)));
        buffer.Int64(e.At.Micros);
        buffer.VarInt((uint)(e.Operation + 1));
        buffer.VarInt((uint)e.Attempt);
        buffer.VarInt((uint)e.Losses);
        if (e.Undoes is { } undone) buffer.VarInt((uint)(undone + 1));
        buffer.Text(e.Name);
        if (e.Source is not null) buffer.Text(e.Source);
        if (!e.Due.IsNever) buffer.Int64(e.Due.Micros);
        if (e.Note is not null) buffer.Text(e.Note);
        if (e.Place is not null) buffer.Text(e.Place);
        buffer.VarInt((uint)e.Data.Length);
        buffer.Bytes(e.Data.Span);
    }

    /// <summary>Reads the event at <paramref name="offset"/>, moves the offset behind it and checks the chain.</summary>
    /// <exception cref="CorruptHistoryException">The bytes are damaged or do not follow their predecessor.</exception>
    public static EventRecord Read(ReadOnlyMemory<byte> batch, ref int offset, int sequence, ref uint checksum)
    {
        var start = offset;
        var e = ReadStored(batch, ref offset, sequence, out var stored);
        checksum = Checksum(checksum, batch.Span[start..(offset - sizeof(uint))]);
        return stored == checksum ? e : throw new CorruptHistoryException(sequence, "its checksum does not follow from its predecessor");
    }

    /// <summary>Reads the event at <paramref name="offset"/> with its checksum and moves the offset behind it. Whether the checksum is right is not looked at.</summary>
    /// <exception cref="CorruptHistoryException">The bytes are no event.</exception>
    public static EventRecord ReadStored(ReadOnlyMemory<byte> batch, ref int offset, int sequence, out uint storedChecksum)
    {
        try
        {
            var reader = new ByteReader(batch.Span, offset);
            var kind = (EventKind)reader.Byte();
            var flags = reader.Byte();
            var at = new Instant(reader.Int64());
            var operation = (int)reader.VarInt() - 1;
            var attempt = (int)reader.VarInt();
            var losses = (int)reader.VarInt();
            int? undoes = (flags & HasUndoes) != 0 ? (int)reader.VarInt() - 1 : null;
            var name = reader.Text();
            var source = (flags & HasSource) != 0 ? reader.Text() : null;
            var due = (flags & HasDue) != 0 ? new Instant(reader.Int64()) : Instant.Never;
            var note = (flags & HasNote) != 0 ? reader.Text() : null;
            var place = (flags & HasPlace) != 0 ? reader.Text() : null;
            var length = checked((int)reader.VarInt());
            var data = batch.Slice(reader.Offset, length);
            reader.Skip(length);
            storedChecksum = reader.UInt32();
            offset = reader.Offset;
            return new EventRecord
            {
                Kind = kind, Sequence = sequence, At = at, Operation = operation, Attempt = attempt, Losses = losses, Undoes = undoes,
                Name = name, Source = source, Due = due, Note = note, Place = place, Data = data,
            };
        }
        catch (Exception e) when (e is ArgumentException or IndexOutOfRangeException or OverflowException)
        {
            throw new CorruptHistoryException(sequence, "its bytes cannot be read");
        }
    }

    /// <summary>Decodes a whole history in order and checks that it has no gap.</summary>
    public static EventRecord[] ReadAll(IReadOnlyList<EventBatch> batches, out uint checksum)
    {
        var count = 0;
        for (var b = 0; b < batches.Count; b++) count += batches[b].Count;
        var events = new EventRecord[count];
        var next = 0;
        checksum = 0;
        for (var b = 0; b < batches.Count; b++)
        {
            var batch = batches[b];
            if (batch.FirstSequence != next) throw new CorruptHistoryException(next, $"the next stored event has number {batch.FirstSequence}");
            var offset = 0;
            for (var i = 0; i < batch.Count; i++, next++) events[next] = Read(batch.Bytes, ref offset, next, ref checksum);
            if (offset != batch.Bytes.Length) throw new CorruptHistoryException(next, "bytes are left over behind it");
        }
        return events;
    }

    /// <summary>
    /// Decodes the events from <paramref name="from"/> on, out of batches of which the first may begin before it. The chain is checked from the first event that they hold.
    /// </summary>
    /// <exception cref="CorruptHistoryException">The bytes are damaged, or do not follow each other.</exception>
    public static List<EventRecord> ReadFrom(IReadOnlyList<EventBatch> batches, int from)
    {
        var events = new List<EventRecord>();
        uint checksum = 0;
        var next = batches.Count == 0 ? 0 : batches[0].FirstSequence;
        for (var b = 0; b < batches.Count; b++)
        {
            var batch = batches[b];
            if (batch.FirstSequence != next) throw new CorruptHistoryException(next, $"the next stored event has number {batch.FirstSequence}");
            var offset = 0;
            for (var i = 0; i < batch.Count; i++, next++)
            {
                // The predecessor of the very first one was not read.
                var e = b == 0 && i == 0 && next > 0 ? ReadStored(batch.Bytes, ref offset, next, out checksum) : Read(batch.Bytes, ref offset, next, ref checksum);
                if (next >= from) events.Add(e);
            }
        }
        return events;
    }

    private static uint Checksum(uint seed, ReadOnlySpan<byte> bytes)
    {
        var crc = ~seed;
        while (bytes.Length >= 8)
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[8..];
        }
        foreach (var b in bytes) crc = BitOperations.Crc32C(crc, b);
        return ~crc;
    }

    private ref struct ByteReader(ReadOnlySpan<byte> bytes, int offset)
    {
        private readonly ReadOnlySpan<byte> _bytes = bytes;

        public int Offset { get; private set; } = offset;

        public byte Byte() => _bytes[Offset++];

        public long Int64()
        {
            var value = BinaryPrimitives.ReadInt64LittleEndian(_bytes[Offset..]);
            Offset += 8;
            return value;
        }

        public uint UInt32()
        {
            var value = BinaryPrimitives.ReadUInt32LittleEndian(_bytes[Offset..]);
            Offset += 4;
            return value;
        }

        public uint VarInt()
        {
            uint value = 0;
            for (var shift = 0; ; shift += 7)
            {
                var b = Byte();
                value |= (uint)(b & 0x7F) << shift;
                if ((b & 0x80) == 0) return value;
                if (shift > 28) throw new OverflowException();
            }
        }

        public string Text()
        {
            var length = checked((int)VarInt());
            var text = length == 0 ? "" : Encoding.UTF8.GetString(_bytes.Slice(Offset, length));
            Offset += length;
            return text;
        }

        public void Skip(int length) => Offset += length;
    }
}
