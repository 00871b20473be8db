using Perdure.Authoring;
using Perdure.Formats;
using Perdure.Storage;

namespace Perdure.Client;

/// <summary>How a run ended, as whoever waited for it is told.</summary>
/// <param name="RunId">The run.</param>
/// <param name="Status">Terminal status.</param>
/// <param name="Result">Result, JSON.</param>
/// <param name="Failure">Failure, JSON.</param>
internal readonly record struct RunEnd(string RunId, RunStatus Status, ReadOnlyMemory<byte> Result, ReadOnlyMemory<byte> Failure)
{
    public static RunEnd Of(string runId, RunClose close) => new(runId, close.Status, close.Result, close.Failure);

    /// <summary>The run that goes on in its place; null when the run has ended for good.</summary>
    public string? Next => Status == RunStatus.ContinuedAsNew ? PayloadCodec.Default.Deserialize<string>(Result.Span) : null;

    public static RunEnd Of(RunRecord row) => new(row.Id, row.Status, row.Result, row.Failure);

    /// <summary>The result.</summary>
    /// <exception cref="RunOutcomeException">There is none; the type says why.</exception>
    /// <exception cref="UndecodablePayloadException">The result does not fit the type.</exception>
    public T Unwrap<T>(PayloadCodec codec) => Status == RunStatus.Completed ? codec.Deserialize<T>(Result.Span) : throw Error();

    /// <summary>Nothing, when the run completed.</summary>
    /// <exception cref="RunOutcomeException">It did not; the type says why.</exception>
    public void Check()
    {
        if (Status != RunStatus.Completed) throw Error();
    }

    private RunOutcomeException Error()
    {
        var failure = Failure.IsEmpty ? null : Authoring.Failure.Decode(Failure.Span);
        return Status switch
        {
            RunStatus.Cancelled => new RunCancelledException(RunId, failure?.Message is { } reason && reason != EndNotes.Cancelled ? reason : null),
            RunStatus.TimedOut => new RunTimedOutException(RunId),
            RunStatus.Terminated => new RunTerminatedException(RunId, failure?.Message is { } reason && reason != EndNotes.Terminated ? reason : null),
            RunStatus.CompensationFailed => new RunCompensationFailedException(RunId, failure ?? new Failure(ErrorCodes.Undescribable, "The run failed without an error.")),
            _ => new RunFailedException(RunId, failure ?? new Failure(ErrorCodes.Undescribable, "The run failed without an error.")),
        };
    }
}
