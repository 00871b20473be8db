using Perdure.Authoring;
using Perdure.Storage;

namespace Perdure.Client;

/// <summary>Runs the code of a run over its history, to answer what only that can. Nothing is written and no body runs. Thread safe.</summary>
internal interface ICodeReplay
{
    /// <summary>Answers a query.</summary>
    /// <param name="row">The run.</param>
    /// <param name="history">All its events.</param>
    /// <param name="call">The question.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The answer, JSON.</returns>
    /// <exception cref="PerdureException">It cannot be answered; the type says why.</exception>
    Task<ReadOnlyMemory<byte>> AnswerAsync(RunRecord row, EventRecord[] history, QueryCall call, CancellationToken cancellationToken);

    /// <summary>Brings the code to where the history ends, and says where it stands then.</summary>
    /// <param name="row">The run.</param>
    /// <param name="history">All its events.</param>
    /// <param name="progress">Told how far the code of a pipeline comes; null for nobody.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>Where it stands; null if this process has no code for the run.</returns>
    Task<ReplayEnd?> ReplayAsync(RunRecord row, EventRecord[] history, GraphProgress? progress, CancellationToken cancellationToken);
}
