using System.Security.Cryptography;
using System.Text;

namespace Perdure.Runtime;

/// <summary>
/// The random numbers of one run: a function of its id alone, the same on every machine and in every version of .NET (SplitMix64). Part of the engine's
/// replay rules: a change of the sequence needs a new version of them.
/// </summary>
internal sealed class SplitMixRandom : Random
{
    private ulong _state;

    public SplitMixRandom(string runId, string stream)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(stream + "\n" + runId));
        _state = BitConverter.ToUInt64(hash, 0);
    }

    public override int Next() => (int)(NextUInt64() >> 33);

    public override int Next(int maxValue)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxValue);
        return (int)NextInt64(0, maxValue);
    }

    public override int Next(int minValue, int maxValue) => (int)NextInt64(minValue, maxValue);

    public override long NextInt64() => (long)(NextUInt64() >> 1);

    public override long NextInt64(long maxValue)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxValue);
        return NextInt64(0, maxValue);
    }

    public override long NextInt64(long minValue, long maxValue)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minValue, maxValue);
        if (minValue == maxValue) return minValue;
        var range = (ulong)(maxValue - minValue);
        // Draws in the incomplete last interval are thrown away, so that every value is equally likely.
        var limit = ulong.MaxValue - (ulong.MaxValue % range + 1) % range;
        ulong draw;
        do draw = NextUInt64();
        while (draw > limit);
        return minValue + (long)(draw % range);
    }

    public override double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    public override float NextSingle() => (NextUInt64() >> 40) * (1.0f / (1U << 24));

    public override void NextBytes(byte[] buffer)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        NextBytes(buffer.AsSpan());
    }

    public override void NextBytes(Span<byte> buffer)
    {
        for (var i = 0; i < buffer.Length; i += 8)
        {
            var draw = NextUInt64();
            for (var j = i; j < Math.Min(i + 8, buffer.Length); j++, draw >>= 8) buffer[j] = (byte)draw;
        }
    }

    /// <summary>A version 4 GUID of this sequence.</summary>
    public Guid NextGuid()
    {
        Span<byte> bytes = stackalloc byte[16];
        NextBytes(bytes);
        bytes[6] = (byte)(bytes[6] & 0x0F | 0x40);
        bytes[8] = (byte)(bytes[8] & 0x3F | 0x80);
        return new Guid(bytes, bigEndian: true);
    }

    protected override double Sample() => NextDouble();

    private ulong NextUInt64()
    {
        var z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
        z = (z ^ z >> 27) * 0x94D049BB133111EB;
        return z ^ z >> 31;
    }
}
