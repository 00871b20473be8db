using Perdure.Authoring;

namespace Perdure;

public abstract partial class WorkflowContext
{
    /// <summary>
    /// Whether the run's history has grown so long that it should go on as new: from <see cref="PerdureOptions.HistoryWarning"/> events on. The same on every replay, as
    /// long as that option stays.
    /// </summary>
    public abstract bool ShouldContinueAsNew { get; }

    /// <summary>
    /// Ends the run and lets another one go on in its place, with a fresh history: the workflow is entered from the top with <paramref name="input"/>. Nothing behind the
    /// call is executed, as when a run is evicted: no <c>catch</c> and no <c>finally</c> sees it.
    /// </summary>
    /// <remarks>
    /// The end of this run and the birth of the next are one transaction. Signals that were not taken go along, and so do the start key, queue, priority, tags, retry, the
    /// place under a parent, and children that have not ended. Who waits for the run, sends to it or cancels it reaches the next. What this run had scheduled and not
    /// awaited is cancelled. A cancellation that was recorded before wins: then there is no next run.
    /// </remarks>
    /// <typeparam name="TOut">The workflow's result type, so that the call can be returned: <c>return await ctx.ContinueAsNewAsync&lt;Receipt&gt;(next)</c>.</typeparam>
    /// <param name="input">The next run's input; it must fit the workflow's input type.</param>
    /// <param name="options">What is otherwise in the next run.</param>
    /// <returns>A task that never completes.</returns>
    /// <exception cref="InvalidOperationException">Steps are running. Await them first.</exception>
    /// <exception cref="InputValidationException">The input does not fit. The run goes on.</exception>
    /// <exception cref="WorkflowCancelledException">The run was asked to cancel.</exception>
    public Task<TOut> ContinueAsNewAsync<TOut>(object? input, ContinueAsNewOptions? options = null)
    {
        options?.Validate();
        return ContinueAs<TOut>(input, options);
    }

    /// <inheritdoc cref="ContinueAsNewAsync{TOut}"/>
    public Task ContinueAsNewAsync(object? input, ContinueAsNewOptions? options = null) => ContinueAsNewAsync<Unit>(input, options);

    private protected abstract Task<TOut> ContinueAs<TOut>(object? input, ContinueAsNewOptions? options);
}
