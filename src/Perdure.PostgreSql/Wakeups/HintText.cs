using System.Globalization;

namespace Perdure.PostgreSql.Wakeups;

/// <summary>A hint as text: its kinds, and who sent it.</summary>
internal static class HintText
{
    private const HintKind Everything = HintKind.Work | HintKind.Ends | HintKind.News;

    public static string Write(HintKind kind, string sender) => string.Create(CultureInfo.InvariantCulture, $"{(int)kind} {sender}");

    /// <summary>The kinds of a hint of somebody else. What cannot be read is taken as everything.</summary>
    public static HintKind Read(string text, string self)
    {
        var end = text.IndexOf(' ', StringComparison.Ordinal);
        if (end < 0 || !int.TryParse(text.AsSpan(0, end), NumberStyles.None, CultureInfo.InvariantCulture, out var kind)) return Everything;
        return text.AsSpan(end + 1).SequenceEqual(self) ? HintKind.None : (HintKind)kind;
    }
}
