namespace Perdure;

/// <summary>What <see cref="IPerdureClient.GetAsync"/> reads besides the run itself. Steps and signals cost a reading of the run's history.</summary>
[Flags]
public enum RunInclude
{
    /// <summary>Only the run.</summary>
    None = 0,

    /// <summary>Its steps and activities: <see cref="RunInfo.Steps"/>.</summary>
    Steps = 1,

    /// <summary>Signals that arrived and were not taken: <see cref="RunInfo.PendingSignals"/>.</summary>
    Signals = 2,

    /// <summary>Its children, the newest 100, and how many there are of each status: <see cref="RunInfo.Children"/>, <see cref="RunInfo.ChildCounts"/>.</summary>
    Children = 4,
}
