using System.Buffers.Text;
using System.Security.Cryptography;

namespace Perdure.Runtime;

/// <summary>
/// Tokens of hooks: 256 bits derived from the installation's secret and a random nonce. The nonce is in the history, so a replay shows the same token; the store
/// holds only the token's hash.
/// </summary>
/// <param name="secret">The installation's hook secret.</param>
/// <param name="url">What stands before the token in a link.</param>
/// <param name="newNonce">128 fresh random bits.</param>
internal sealed class HookTokens(ReadOnlyMemory<byte> secret, string url, Func<Guid> newNonce)
{
    /// <summary>For processes that drive no workflow code.</summary>
    public static HookTokens None { get; } = new(new byte[32], "", static () => Guid.Empty);

    public string NewNonce()
    {
        Span<byte> nonce = stackalloc byte[16];
        newNonce().TryWriteBytes(nonce);
        return Base64Url.EncodeToString(nonce);
    }

    public string TokenOf(string nonce) => Base64Url.EncodeToString(HMACSHA256.HashData(secret.Span, Base64Url.DecodeFromChars(nonce)));

    public string UrlOf(string token) => url.Length == 0 || url[^1] == '/' ? url + token : $"{url}/{token}";
}
