namespace Perdure.Files.Rows;

/// <summary>Which version of the layout a folder has, and the oldest build that may work on it, by the version that it knows; null for its own.</summary>
internal sealed record FormatDocument(int Format, int? Oldest = null)
{
    /// <summary>The version that this build writes.</summary>
    public const int Current = 1;
}
