using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Perdure.Storage;

namespace Perdure.Formats;

/// <summary>Ids of runs that come from another run: the same whenever they are made, and of no other origin.</summary>
internal static class DerivedIds
{
    /// <summary>
    /// The id of what an event brings to life. Events have their place once and for ever, so a child gets another id whenever it is really another child. It looks
    /// like the engine's other ids, a time-ordered UUID.
    /// </summary>
    /// <param name="run">Id of the run that has the event.</param>
    /// <param name="sequence">The event's place.</param>
    /// <param name="at">When.</param>
    public static string Of(string run, int sequence, Instant at)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(FormattableString.Invariant($"{run}\n{sequence}")), hash);
        var id = hash[..16];
        Span<byte> time = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(time, Math.Max(0, at.Micros / 1000));
        time[2..].CopyTo(id);
        id[6] = (byte)(id[6] & 0x0F | 0x70);
        id[8] = (byte)(id[8] & 0x3F | 0x80);
        return Convert.ToHexStringLower(id);
    }
}
