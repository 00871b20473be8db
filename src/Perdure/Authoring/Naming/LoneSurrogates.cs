namespace Perdure.Authoring;

/// <summary>
/// Finds halves of surrogate pairs: text that a .NET string can hold, but that no encoding can. Most encoders replace it silently.
/// </summary>
internal static class LoneSurrogates
{
    public static bool IsWellFormed(ReadOnlySpan<char> text)
    {
        int start = text.IndexOfAnyInRange('\uD800', '\uDFFF');
        return start < 0 || IsWellFormedFrom(text, start);
    }

    private static bool IsWellFormedFrom(ReadOnlySpan<char> text, int i)
    {
        for (; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i])) continue;
            if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i + 1])) return false;
            i++;
        }
        return true;
    }
}
