using System.Security.Cryptography;
using System.Text;
using Perdure.Journal;
using Perdure.Runtime;

namespace Perdure.Worker;

/// <summary>Finds the secret from which the tokens of hooks are derived: the configured one, or the one that the store keeps for the whole installation.</summary>
internal static class HookSecrets
{
    private const string Name = "hook-secret";

    public static async Task<HookTokens> FindAsync(WorkerParts parts, StoreCalls calls, CancellationToken cancellationToken)
    {
        var secret = parts.Settings.HookSecret is { } configured
            ? SHA256.HashData(Encoding.UTF8.GetBytes(configured))
            : await KeptAsync(parts, calls, cancellationToken);
        return new HookTokens(secret, parts.Settings.HookUrl, parts.Entropy.NewId);
    }

    /// <summary>Whoever comes first decides it for all.</summary>
    private static Task<ReadOnlyMemory<byte>> KeptAsync(WorkerParts parts, StoreCalls calls, CancellationToken cancellationToken)
    {
        var candidate = new byte[32];
        parts.Entropy.NewId().TryWriteBytes(candidate);
        parts.Entropy.NewId().TryWriteBytes(candidate.AsSpan(16));
        return calls.UntilAnsweredAsync(token => parts.Store.KeepAsync(Name, candidate, token), cancellationToken);
    }
}
