using System.Buffers.Binary;
using System.Text;

namespace Perdure.Storage;

/// <summary>A growing byte buffer. Not thread safe: each run writes its own.</summary>
internal sealed class ByteWriter(int capacity = 256)
{
    private byte[] _buffer = capacity == 0 ? [] : new byte[capacity];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written(int from = 0) => _buffer.AsSpan(from, Length - from);

    /// <summary>Gives the written bytes away; the writer starts again with an empty buffer.</summary>
    public ReadOnlyMemory<byte> Detach()
    {
        var bytes = _buffer.AsMemory(0, Length);
        _buffer = [];
        Length = 0;
        return bytes;
    }

    /// <summary>An empty writer takes a buffer of that size, so that as much is written without growing.</summary>
    public void Expect(int count)
    {
        if (_buffer.Length == 0) _buffer = new byte[count];
    }

    /// <summary>Forgets everything from <paramref name="length"/> on.</summary>
    public void Truncate(int length) => Length = length;

    public void Byte(byte value) => Reserve(1)[0] = value;

    public void Int64(long value) => BinaryPrimitives.WriteInt64LittleEndian(Reserve(8), value);

    public void UInt32(uint value) => BinaryPrimitives.WriteUInt32LittleEndian(Reserve(4), value);

    public void Bytes(ReadOnlySpan<byte> value) => value.CopyTo(Reserve(value.Length));

    public void VarInt(uint value)
    {
        while (value >= 0x80)
        {
            Byte((byte)(value | 0x80));
            value >>= 7;
        }
        Byte((byte)value);
    }

    public void Text(string value)
    {
        var length = Encoding.UTF8.GetByteCount(value);
        VarInt((uint)length);
        Encoding.UTF8.GetBytes(value, Reserve(length));
    }

    private Span<byte> Reserve(int count)
    {
        if (Length + count > _buffer.Length) Array.Resize(ref _buffer, Math.Max(Math.Max(_buffer.Length * 2, 256), Length + count));
        var span = _buffer.AsSpan(Length, count);
        Length += count;
        return span;
    }
}
