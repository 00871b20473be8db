namespace Perdure.Runtime;

/// <summary>Why a run cannot go on. The name is stored and shown.</summary>
internal enum RunBlockedReason
{
    /// <summary>The code asked for other operations than its history says.</summary>
    NonDeterminism,
    /// <summary>The code awaited something that the engine does not record.</summary>
    ForeignAwait,
    /// <summary>No code is registered under the run's workflow and version.</summary>
    UnknownWorkflow,
    /// <summary>The run follows a version of a change that the code does not have.</summary>
    UnsupportedVersion,
    /// <summary>A recorded input or result cannot be read as the type that the code declares.</summary>
    UndecodablePayload,
    /// <summary>The machine does not know a time zone that the run needs.</summary>
    UnknownTimeZone,
    /// <summary>The process died too often while it drove this run.</summary>
    CrashLoop,
    /// <summary>The history has reached its limit.</summary>
    HistoryLimit,
    /// <summary>The stored history is damaged.</summary>
    CorruptHistory,
    /// <summary>The store can never take what the run wants to write.</summary>
    StoreRefused,
    /// <summary>The history was written under replay rules that this build does not have.</summary>
    EngineSemantics,
    /// <summary>The engine met something that it did not foresee.</summary>
    EngineError,
}

/// <summary>Ends a turn of a run that cannot go on.</summary>
internal sealed class BlockException(RunBlockedReason reason, string detail) : Exception(detail)
{
    public RunBlockedReason Reason { get; } = reason;

    /// <summary>Where code and history part: the event, what it tells of, and what the code does instead. Null for all other reasons.</summary>
    public (int Sequence, string Expected, string Actual)? Parting { get; init; }
}
