using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Perdure.Files.Folders;

/// <summary>
/// File names for ids of any text: what is harmless stays readable, everything else is escaped, and what is too long ends with a hash. Different ids have different names, also
/// where a file system does not tell capitals.
/// </summary>
internal static class FileName
{
    private const int LongestPlain = 120;
    private const int KeptOfLong = 64;

    private static readonly string[] Reserved = ["con", "prn", "aux", "nul"];

    public static string Of(string id)
    {
        var name = new StringBuilder(id.Length);
        Span<byte> utf8 = stackalloc byte[4];
        foreach (var rune in id.EnumerateRunes())
        {
            if (rune.IsAscii && IsHarmless((char)rune.Value, isFirst: name.Length == 0)) name.Append((char)rune.Value);
            else if (rune.Value is >= 'A' and <= 'Z') name.Append('~').Append((char)(rune.Value | 0x20));
            else foreach (var b in utf8[..rune.EncodeToUtf8(utf8)]) Escape(name, b);
        }
        if (IsReserved(name)) name.Insert(0, "~~");
        // An id with half a surrogate pair reads like its replacement character; the hash of its own code units tells them apart.
        if (name.Length <= LongestPlain && IsWellFormed(id)) return name.ToString();
        var hash = SHA256.HashData(System.Runtime.InteropServices.MemoryMarshal.AsBytes(id.AsSpan()));
        // "%-" stands in no escaped text, so no id has this name by itself.
        return $"{name.ToString(0, Math.Min(name.Length, KeptOfLong))}%-{Convert.ToHexStringLower(hash.AsSpan(0, 16))}";
    }

    private static bool IsHarmless(char c, bool isFirst) => c is >= 'a' and <= 'z' or >= '0' and <= '9' or '-' or '_' || (c == '.' && !isFirst);

    private static void Escape(StringBuilder name, byte b) => name.Append(CultureInfo.InvariantCulture, $"%{b:x2}");

    /// <summary>Names that are devices on Windows, whatever follows a dot.</summary>
    private static bool IsReserved(StringBuilder name)
    {
        var text = name.ToString();
        var stem = text.IndexOf('.', StringComparison.Ordinal) is var dot and >= 0 ? text[..dot] : text;
        return Reserved.Contains(stem) || (stem.Length == 4 && stem[..3] is "com" or "lpt" && char.IsAsciiDigit(stem[3]));
    }

    private static bool IsWellFormed(string id)
    {
        for (var i = 0; i < id.Length; i++)
        {
            if (!char.IsSurrogate(id[i])) continue;
            if (i + 1 == id.Length || !char.IsSurrogatePair(id[i], id[i + 1])) return false;
            i++;
        }
        return true;
    }
}
