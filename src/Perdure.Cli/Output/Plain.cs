using System.Globalization;
using System.Text;

namespace Perdure.Cli.Output;

/// <summary>
/// Text that a terminal may be shown: what others wrote into names, reasons and payloads must neither move the cursor, nor colour, nor turn the direction of reading.
/// </summary>
internal static class Plain
{
    /// <summary>One line: control and direction characters are written as <c>\u001b</c>.</summary>
    public static string Text(string? text) => Escape(text ?? "", keepLines: false);

    /// <summary>As <see cref="Text"/>, but line breaks stay: for JSON, in whose strings they cannot stand anyway.</summary>
    public static string Lines(string text) => Escape(text, keepLines: true);

    /// <summary>One line of at most <paramref name="limit"/> characters.</summary>
    public static string Short(string? text, int limit)
    {
        var line = Text(text);
        if (line.Length <= limit) return line;
        var end = char.IsHighSurrogate(line[limit - 2]) ? limit - 2 : limit - 1;
        return line[..end] + "…";
    }

    private static string Escape(string text, bool keepLines)
    {
        StringBuilder? safe = null;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            var harmless = !IsHarmful(c) || (keepLines && c == '\n');
            if (harmless) safe?.Append(c);
            else (safe ??= new StringBuilder(text, 0, i, text.Length + 16)).Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
        }
        return safe?.ToString() ?? text;
    }

    private static bool IsHarmful(char c) => char.IsControl(c) || c is
        '\u061c' or '\u200e' or '\u200f' or (>= '\u2028' and <= '\u202e') or (>= '\u2066' and <= '\u2069') or '\ufeff';
}
