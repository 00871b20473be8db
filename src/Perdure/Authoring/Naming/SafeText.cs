using System.Globalization;
using System.Text;

namespace Perdure.Authoring;

/// <summary>Makes foreign text fit to be stored and shown: bounded, without control characters, always valid Unicode.</summary>
internal static class SafeText
{
    private const char Ellipsis = '…';

    /// <summary>At most <paramref name="limit"/> characters on one line; a longer text ends with an ellipsis.</summary>
    public static string Shorten(string? text, int limit) => Clean(text, limit, keepLines: false);

    /// <summary>The same, but line breaks and tabs stay: for stack traces.</summary>
    public static string ShortenLines(string? text, int limit) => Clean(text, limit, keepLines: true);

    private static string Clean(string? text, int limit, bool keepLines)
    {
        if (string.IsNullOrEmpty(text)) return "";
        if (text.Length <= limit && IsClean(text)) return text;

        // Only the part that can still be shown is looked at, however long the text is.
        var clean = new StringBuilder(Math.Min(text.Length, limit) + 16);
        for (int i = 0; i < text.Length; i++)
        {
            int before = clean.Length;
            char c = text[i];
            if (char.IsSurrogate(c))
            {
                if (i + 1 < text.Length && char.IsSurrogatePair(c, text[i + 1])) clean.Append(c).Append(text[++i]);
                else clean.Append('\uFFFD');
            }
            else if (!char.IsControl(c) || (keepLines && c is '\n' or '\r' or '\t')) clean.Append(c);
            else AppendEscaped(clean, c);

            bool more = i + 1 < text.Length;
            if (clean.Length > limit || (clean.Length == limit && more))
            {
                // Takes back the whole character or escape, which leaves room for the ellipsis and cuts nothing in half.
                clean.Length = before;
                return clean.Append(Ellipsis).ToString();
            }
        }
        return clean.ToString();
    }

    private static bool IsClean(string text)
    {
        foreach (char c in text)
        {
            if (char.IsControl(c) || char.IsSurrogate(c)) return false;
        }
        return true;
    }

    private static void AppendEscaped(StringBuilder clean, char c) => _ = c switch
    {
        '\n' => clean.Append("\\n"),
        '\r' => clean.Append("\\r"),
        '\t' => clean.Append("\\t"),
        _ => clean.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture)),
    };
}
