namespace Perdure.PostgreSql.Wakeups;

/// <summary>What a hint is about.</summary>
[Flags]
internal enum HintKind
{
    None = 0,
    /// <summary>There may be something to do.</summary>
    Work = 1,
    /// <summary>Runs have ended.</summary>
    Ends = 2,
    /// <summary>Runs have published something.</summary>
    News = 4,
}

/// <summary>A hint as text: its kind, and who sent it.</summary>
internal static class HintText
{
    public static string Write(HintKind kind, string sender) => $"{(int)kind} {sender}";

    /// <summary>The kind of a hint of somebody else. What cannot be read is taken as everything.</summary>
    public static HintKind Read(string text, string self)
    {
        if (text.Length > 2 && text.AsSpan(2).SequenceEqual(self)) return HintKind.None;
        return text.Length > 2 && text[0] is >= '0' and <= '7' ? (HintKind)(text[0] - '0') : HintKind.Work | HintKind.Ends | HintKind.News;
    }
}
