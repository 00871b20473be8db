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
    /// <summary>The sender waits for runs of others to end.</summary>
    WaitsForEnds = 8,
    /// <summary>The sender waits for what runs of others publish.</summary>
    WaitsForNews = 16,
    /// <summary>The sender has just begun to listen, and asks who waits for what.</summary>
    WhoWaits = 32,
}
