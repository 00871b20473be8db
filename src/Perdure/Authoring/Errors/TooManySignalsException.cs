namespace Perdure;

/// <summary>The run has as many signals that nobody took as a run may have. Nothing was stored; a later call succeeds when the run has taken some.</summary>
public sealed class TooManySignalsException : PerdureException
{
    internal TooManySignalsException(string runId) : base(ErrorCodes.TooManySignals,
        $"The run '{runId}' has {PerdureDefaults.MaxPendingSignals} signals that it has not taken; that is the most. Nothing was stored. Look at what it waits for instead.") =>
        RunId = runId;

    /// <summary>The run.</summary>
    public string RunId { get; }
}
