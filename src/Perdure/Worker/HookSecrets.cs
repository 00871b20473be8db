using System.Security.Cryptography;
using System.Text;
using Perdure.Runtime;

namespace Perdure.Worker;

/// <summary>Finds the secret from which the tokens of hooks are derived: the configured one, or the one that the store keeps for the whole installation.</summary>
internal static class HookSecrets
{
    private const string Name = "hook-secret";

    /// <param name="settings">What is configured.</param>
    /// <param name="entropy">Draws a secret, should there be none.</param>
    /// <param name="keep">Keeps a value under a name in the store, or answers the one that is kept there: whoever comes first decides it for all.</param>
    public static async Task<HookTokens> FindAsync(WorkerSettings settings, IEntropy entropy, Func<string, ReadOnlyMemory<byte>, Task<ReadOnlyMemory<byte>>> keep)
    {
        var secret = settings.HookSecret is { } configured ? SHA256.HashData(Encoding.UTF8.GetBytes(configured)) : await keep(Name, Draw(entropy));
        return new HookTokens(secret, settings.HookUrl, entropy.NewId);
    }

    private static byte[] Draw(IEntropy entropy)
    {
        var secret = new byte[32];
        entropy.NewId().TryWriteBytes(secret);
        entropy.NewId().TryWriteBytes(secret.AsSpan(16));
        return secret;
    }
}
