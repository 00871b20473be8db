using System.Buffers;

namespace Perdure.Authoring;

/// <summary>
/// The bytes of a payload in the making. It refuses to grow past its limit, so that a giant value is not written out first.
/// </summary>
internal sealed class PayloadBuffer : IBufferWriter<byte>
{
    private const int InitialSize = 1024;

    /// <summary>A larger buffer is not kept for the next payload: one big result would cost its size on every thread.</summary>
    private const int KeptSize = 64 * 1024;

    private byte[] _bytes = new byte[InitialSize];
    private int _limit;

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    public void Begin(int limit)
    {
        _limit = limit;
        Length = 0;
        if (_bytes.Length > KeptSize) _bytes = new byte[InitialSize];
    }

    public void Advance(int count)
    {
        Length += count;
        if (Length > _limit) throw new PayloadOverflowException(Length);
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        EnsureRoom(sizeHint);
        return _bytes.AsMemory(Length);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        EnsureRoom(sizeHint);
        return _bytes.AsSpan(Length);
    }

    private void EnsureRoom(int sizeHint)
    {
        int needed = Length + Math.Max(sizeHint, 1);
        if (needed > _bytes.Length) Array.Resize(ref _bytes, Math.Max(needed, 2 * _bytes.Length));
    }
}
