using System.Text;

namespace Perdure.Bench.Limits;

/// <summary>The bytes that the limits write: as long as what the engine writes for the same work.</summary>
internal static class Bytes
{
    /// <summary>An event of 200 bytes, the length that all limits are quoted for.</summary>
    public static readonly byte[] Event = Encoding.UTF8.GetBytes("{\"pad\":\"" + new string('x', 200 - 10) + "\"}");

    /// <summary>An input.</summary>
    public static readonly byte[] Input = "{\"steps\":5,\"payload\":150,\"deferred\":false}"u8.ToArray();

    /// <summary>A result.</summary>
    public static readonly byte[] Result = "12345"u8.ToArray();
}
