namespace Perdure.PostgreSql.Access;

/// <summary>
/// Texts that a user may choose freely: PostgreSQL stores every character but U+0000. That one, and the backslash, are written with a backslash; all other texts stay as
/// they are and can be read by people and by SQL.
/// </summary>
internal static class FreeText
{
    public static string? Write(string? text)
    {
        if (text is null || text.AsSpan().IndexOfAny('\0', '\\') < 0) return text;
        return text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\0", "\\0", StringComparison.Ordinal);
    }

    public static string? Read(string? text)
    {
        if (text is null || !text.Contains('\\', StringComparison.Ordinal)) return text;
        return string.Create(text.Length - Escapes(text), text, static (target, source) =>
        {
            var at = 0;
            for (var i = 0; i < source.Length; i++) target[at++] = source[i] != '\\' ? source[i] : source[++i] == '0' ? '\0' : '\\';
        });
    }

    private static int Escapes(string text)
    {
        var count = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\') continue;
            count++;
            i++;
        }
        return count;
    }
}
