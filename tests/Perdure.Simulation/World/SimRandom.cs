namespace Perdure.Simulation;

/// <summary>The numbers of one seed (SplitMix64): the same in every process and every version of .NET.</summary>
internal sealed class SimRandom(ulong seed)
{
    private ulong _state = seed;

    public ulong NextUInt64()
    {
        var z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
        z = (z ^ z >> 27) * 0x94D049BB133111EB;
        return z ^ z >> 31;
    }

    /// <summary>A number from 0 up to but not including <paramref name="end"/>.</summary>
    public int Next(int end) => (int)(NextUInt64() % (ulong)end);

    /// <summary>A number from <paramref name="from"/> to <paramref name="to"/>, both included.</summary>
    public int Between(int from, int to) => from + Next(to - from + 1);

    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    public bool Chance(double probability) => probability > 0 && NextDouble() < probability;

    public T Pick<T>(params ReadOnlySpan<T> choices) => choices[Next(choices.Length)];

    /// <summary>A time between two, given in milliseconds, to the tick.</summary>
    public long Ticks(double fromMs, double toMs) => (long)((fromMs + NextDouble() * (toMs - fromMs)) * TimeSpan.TicksPerMillisecond);

    public Guid NextGuid()
    {
        Span<byte> bytes = stackalloc byte[16];
        BitConverter.TryWriteBytes(bytes, NextUInt64());
        BitConverter.TryWriteBytes(bytes[8..], NextUInt64());
        return new Guid(bytes);
    }

    /// <summary>An independent sequence, so that one part of the world can change without moving the numbers of another.</summary>
    public SimRandom Fork(string label)
    {
        var hash = NextUInt64();
        foreach (var c in label) hash = (hash ^ c) * 0x100000001B3;
        return new SimRandom(hash);
    }
}
