using Perdure.Authoring;

namespace Perdure;

/// <summary>
/// The stored history of a run cannot be read: its bytes changed behind the engine's back. What its row says is still shown, by reading the run without its
/// steps; the run itself is blocked when a worker meets it, and can be terminated and deleted.
/// </summary>
public sealed class HistoryDamagedException : PerdureException
{
    internal HistoryDamagedException(string runId, int sequence, Exception inner)
        : base(ErrorCodes.HistoryDamaged,
            $"The history of run '{SafeText.Shorten(runId, 255)}' cannot be read. {inner.Message} Restore the database from a backup, or terminate the run.", inner)
    {
        RunId = runId;
        Sequence = sequence;
    }

    /// <summary>The run.</summary>
    public string RunId { get; }

    /// <summary>The first event that cannot be trusted, from 0.</summary>
    public int Sequence { get; }
}
