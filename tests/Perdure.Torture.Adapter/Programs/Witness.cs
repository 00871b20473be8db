using System.Security.Cryptography;
using System.Text;

namespace Perdure.Torture.Adapter.Programs;

/// <summary>The running hash of everything that a program has waited for.</summary>
internal static class Witness
{
    private const int Digits = 16;

    /// <summary>The first 16 hex digits of the SHA-256 of the parts, joined by line feeds.</summary>
    public static string Of(params ReadOnlySpan<string> parts) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts!))))[..Digits];
}
