namespace Perdure.Files.Rows;

/// <summary>Which version of the layout a folder has.</summary>
internal sealed record FormatDocument(int Format)
{
    /// <summary>The version that this build writes.</summary>
    public const int Current = 1;
}
