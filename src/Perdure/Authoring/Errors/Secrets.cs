using System.Text.RegularExpressions;

namespace Perdure.Authoring;

/// <summary>
/// Takes secrets of known shapes out of error text, before it is stored: passwords of connection strings and addresses, keys and tokens by their names, bearer tokens, signed
/// tokens, keys of well-known services, private keys. What has no such shape cannot be known.
/// </summary>
internal static class Secrets
{
    private const string Mask = "***";

    // No expression looks at a letter more than a few times, so hostile text takes no longer than any other; the limit is for a mistake in that.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    private static readonly Regex Block = Shape(@"-----BEGIN [A-Z ]*PRIVATE KEY-----[^-]*(?:-----END [A-Z ]*PRIVATE KEY-----)?");

    private static readonly Regex Address = Shape(@"(\b\w{1,20}://[^\s:/@]*:)[^\s/@]+@");

    private static readonly Regex Scheme = Shape(@"\b((?:bearer|basic)\s+)[\w\-.~+/]{8,}=*", RegexOptions.IgnoreCase);

    private static readonly Regex Named = Shape(
        "((?:password|passwd|pwd|passphrase|secret|client[_-]?secret|api[_-]?key|apikey|access[_-]?key|account[_-]?key|shared[_-]?access[_-]?key|access[_-]?token|refresh[_-]?token|auth[_-]?token)"
        + @"[""']?\s*[=:]\s*|\b(?:token|sig|key)=)(?:""[^""]*""?|'[^']*'?|[^\s;,&""'}\])]+)", RegexOptions.IgnoreCase);

    private static readonly Regex Known = Shape(
        @"\beyJ[\w\-]{8,}\.[\w\-]{8,}\.[\w\-]*|\b(?:AKIA|ASIA)[A-Z0-9]{16}\b|\bgh[pousr]_\w{20,}|\bgithub_pat_\w{20,}|\bxox[abprs]-[\w\-]{10,}|\b[sr]k_(?:live|test)_\w{10,}|\bsk-[\w\-]{20,}|\bAIza[\w\-]{30,}");

    /// <summary>The text with each secret replaced by <c>***</c>.</summary>
    /// <exception cref="RegexMatchTimeoutException">It took too long.</exception>
    public static string Redact(string text)
    {
        text = Block.Replace(text, Mask);
        text = Address.Replace(text, $"$1{Mask}@");
        text = Scheme.Replace(text, $"$1{Mask}");
        text = Named.Replace(text, $"$1{Mask}");
        return Known.Replace(text, Mask);
    }

    private static Regex Shape(string pattern, RegexOptions options = RegexOptions.None) => new(pattern, options | RegexOptions.CultureInvariant, Limit);
}
