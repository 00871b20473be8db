using Perdure.Storage;

namespace Perdure.Client;

/// <summary>Answers queries by running the code of a run over its history. Thread safe.</summary>
internal interface IQueryAnswers
{
    /// <param name="row">The run.</param>
    /// <param name="history">All its events.</param>
    /// <param name="call">The question.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The answer, JSON.</returns>
    /// <exception cref="PerdureException">It cannot be answered; the type says why.</exception>
    Task<ReadOnlyMemory<byte>> AnswerAsync(RunRecord row, EventRecord[] history, QueryCall call, CancellationToken cancellationToken);
}
