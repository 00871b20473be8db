using System.Security.Cryptography;
using System.Text;

namespace Perdure.Formats;

/// <summary>What the store knows of a token.</summary>
internal static class TokenHash
{
    public static ReadOnlyMemory<byte> Of(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
