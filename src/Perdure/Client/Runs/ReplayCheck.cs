namespace Perdure;

/// <summary>What came of running the code of this process over the history of a run. Immutable.</summary>
public sealed record ReplayCheck
{
    /// <summary>The run's id.</summary>
    public required string RunId { get; init; }

    /// <summary>Its workflow.</summary>
    public required string Workflow { get; init; }

    /// <summary>The workflow's version.</summary>
    public required int Version { get; init; }

    /// <summary>Where it stood.</summary>
    public required RunStatus Status { get; init; }

    /// <summary>Whether code and history fit.</summary>
    public required ReplayVerdict Verdict { get; init; }

    /// <summary>Sequence of the event at which they part; null unless they diverge.</summary>
    public int? Sequence { get; init; }

    /// <summary>What that event tells of; null unless they diverge.</summary>
    public string? Expected { get; init; }

    /// <summary>What the code does instead; null unless they diverge.</summary>
    public string? Actual { get; init; }

    /// <summary>Why a worker would block the run, as <see cref="RunInfo.BlockedReason"/> has it; null when it would not.</summary>
    public string? Reason { get; init; }

    /// <summary>More in words; null for nothing. Also of code that fits but ends without something that the history tells of.</summary>
    public string? Detail { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Verdict switch
    {
        ReplayVerdict.Diverges => $"{RunId} {Workflow}: diverges at event {Sequence}: expected {Expected}; actual {Actual}",
        ReplayVerdict.Fits => $"{RunId} {Workflow}: fits{(Detail is null ? "" : $", but {Detail}")}",
        ReplayVerdict.NoCode => $"{RunId} {Workflow}: there is no code for version {Version}",
        _ => $"{RunId} {Workflow}: {Detail}",
    };
}
