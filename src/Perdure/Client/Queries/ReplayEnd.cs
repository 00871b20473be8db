namespace Perdure.Client;

/// <summary>Where the code of a run stands at the end of its history, or where it could go no further.</summary>
internal sealed record ReplayEnd
{
    /// <summary>Why a worker would block the run, as <see cref="RunInfo.BlockedReason"/> has it; null when code and history fit.</summary>
    public string? Reason { get; init; }

    /// <summary>The same in words; null when they fit.</summary>
    public string? Detail { get; init; }

    /// <summary>Where code and history part; null when they do not.</summary>
    public (int Sequence, string Expected, string Actual)? Parting { get; init; }

    /// <summary>What the code did not ask for any more although the history tells of it; null for nothing.</summary>
    public string? Warning { get; init; }

    /// <summary>Whether the code has returned, failed, or asked to go on as new.</summary>
    public bool HasEnded { get; init; }

    /// <summary>What is outstanding: the operation's number, the step of a pipeline or the name under which it was asked for, and whether it is code that runs in attempts.</summary>
    public IReadOnlyList<(int Operation, string Name, bool HasBody)> Open { get; init; } = [];
}
