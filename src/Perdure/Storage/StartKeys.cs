namespace Perdure.Storage;

/// <summary>How long stores remember start keys.</summary>
internal static class StartKeys
{
    /// <summary>How long a key without a lifetime of its own is remembered when its run was deleted.</summary>
    public static readonly TimeSpan AfterRun = TimeSpan.FromDays(7);

    /// <summary>How long a key that has become free is remembered, so that a start whose answer was lost can be recalled.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromHours(1);
}
