using System.Runtime.CompilerServices;
using Perdure.Authoring;

namespace Perdure;

public abstract partial class WorkflowContext
{
    /// <summary>Runs another workflow as a child of this run, and waits for its result.</summary>
    /// <remarks>
    /// The child and the record that it was started are one transaction, and its end is told in the transaction that ends it: there is exactly one child for each call,
    /// whatever crashes. Two calls with the same input are two children.
    /// </remarks>
    /// <typeparam name="TIn">The input's type.</typeparam>
    /// <typeparam name="TOut">The result's type.</typeparam>
    /// <param name="workflow">The workflow.</param>
    /// <param name="input">Its input.</param>
    /// <param name="options">Options of this child; they win over those of the workflow.</param>
    /// <param name="file">Filled by the compiler.</param>
    /// <param name="line">Filled by the compiler.</param>
    /// <exception cref="ChildWorkflowException">The child ended without a result.</exception>
    /// <exception cref="WaitLimitException">The limit of <see cref="ChildOptions.WaitLimit"/> came first.</exception>
    /// <exception cref="NestingDepthExceededException">The child would be nested deeper than 32 levels.</exception>
    /// <exception cref="TooManyChildrenException">The run has started 10,000 children.</exception>
    /// <exception cref="WorkflowCancelledException">The run was asked to cancel.</exception>
    public Task<TOut> ChildAsync<TIn, TOut>(
        WorkflowDefinition<TIn, TOut> workflow, TIn input, ChildOptions? options = null,
        [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        RunChildAsync<TOut>(ChildCall.Of(workflow, input, options), new SourceLine(file, line));

    /// <inheritdoc cref="ChildAsync{TIn, TOut}"/>
    public Task ChildAsync<TIn>(
        WorkflowDefinition<TIn> workflow, TIn input, ChildOptions? options = null,
        [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        RunChildAsync<Unit>(ChildCall.Of(workflow, input, options), new SourceLine(file, line));

    /// <summary>Runs another workflow as a child of this run by its name, and waits for its result.</summary>
    /// <typeparam name="TOut">The result's type.</typeparam>
    /// <param name="workflow">The workflow's name; the highest version that this process registers is started, or 1.</param>
    /// <param name="input">Its input.</param>
    /// <param name="options">Options of this child; they win over those of the workflow.</param>
    /// <param name="file">Filled by the compiler.</param>
    /// <param name="line">Filled by the compiler.</param>
    /// <exception cref="InputValidationException">The input does not fit the workflow that this process has under the name. Nothing was started.</exception>
    /// <inheritdoc cref="ChildAsync{TIn, TOut}" path="/exception"/>
    public Task<TOut> ChildAsync<TOut>(
        string workflow, object? input = null, ChildOptions? options = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        RunChildAsync<TOut>(ChildCall.ByName(workflow, input, options), new SourceLine(file, line));

    /// <summary>Starts another workflow as a child of this run, without waiting for it.</summary>
    /// <typeparam name="TIn">The input's type.</typeparam>
    /// <typeparam name="TOut">The result's type.</typeparam>
    /// <param name="workflow">The workflow.</param>
    /// <param name="input">Its input.</param>
    /// <param name="options">Options of this child; they win over those of the workflow.</param>
    /// <param name="file">Filled by the compiler.</param>
    /// <param name="line">Filled by the compiler.</param>
    /// <returns>A handle to await, to signal or to cancel.</returns>
    /// <exception cref="NestingDepthExceededException">The child would be nested deeper than 32 levels.</exception>
    /// <exception cref="TooManyChildrenException">The run has started 10,000 children.</exception>
    /// <exception cref="WorkflowCancelledException">The run was asked to cancel.</exception>
    public ChildHandle<TOut> StartChild<TIn, TOut>(
        WorkflowDefinition<TIn, TOut> workflow, TIn input, ChildOptions? options = null,
        [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        new(this, IssueChild<TOut>(ChildCall.Of(workflow, input, options), new SourceLine(file, line)));

    /// <inheritdoc cref="StartChild{TIn, TOut}"/>
    public ChildHandle<Unit> StartChild<TIn>(
        WorkflowDefinition<TIn> workflow, TIn input, ChildOptions? options = null,
        [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        new(this, IssueChild<Unit>(ChildCall.Of(workflow, input, options), new SourceLine(file, line)));

    /// <summary>Starts another workflow as a child of this run by its name, without waiting for it.</summary>
    /// <typeparam name="TOut">The result's type.</typeparam>
    /// <param name="workflow">The workflow's name; the highest version that this process registers is started, or 1.</param>
    /// <param name="input">Its input.</param>
    /// <param name="options">Options of this child; they win over those of the workflow.</param>
    /// <param name="file">Filled by the compiler.</param>
    /// <param name="line">Filled by the compiler.</param>
    /// <returns>A handle to await, to signal or to cancel.</returns>
    /// <exception cref="InputValidationException">The input does not fit the workflow that this process has under the name. Nothing was started.</exception>
    /// <inheritdoc cref="StartChild{TIn, TOut}" path="/exception"/>
    public ChildHandle<TOut> StartChild<TOut>(
        string workflow, object? input = null, ChildOptions? options = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        new(this, IssueChild<TOut>(ChildCall.ByName(workflow, input, options), new SourceLine(file, line)));

    private protected abstract IStartedChild<TOut> IssueChild<TOut>(ChildCall call, SourceLine source);

    /// <summary>The way in for handles, which live outside this class.</summary>
    internal abstract Task<T> AwaitChildAsync<T>(IStartedChild<T> child);

    /// <summary>The way in for handles, which live outside this class.</summary>
    internal abstract Task SignalChildAsync<T>(string child, Signal<T> signal, T payload, SourceLine source);

    /// <summary>The way in for handles, which live outside this class.</summary>
    internal abstract Task<RunStatus> StatusOfChildAsync(string child, SourceLine source);

    /// <summary>The way in for handles, which live outside this class.</summary>
    internal abstract Task CancelChildAsync(string child, string? reason, SourceLine source);

    private Task<TOut> RunChildAsync<TOut>(ChildCall call, SourceLine source)
    {
        IStartedChild<TOut> child;
        try
        {
            child = IssueChild<TOut>(call, source);
        }
        catch (Exception error) when (error is PerdureException or WorkflowCancelledException)
        {
            return Task.FromException<TOut>(error);
        }
        return call.Options.WaitLimit is { } limit ? AwaitChildAsync(child, limit, call.Options.CancelOnTimeout, source) : AwaitChildAsync(child);
    }

    private async Task<TOut> AwaitChildAsync<TOut>(IStartedChild<TOut> child, TimeSpan limit, bool cancels, SourceLine source)
    {
        try
        {
            var result = AwaitChildAsync(child);
            if (await IssueLimitAsync(result, limit, source)) return await result;
            var passed = new WaitLimitException($"the child '{child.Workflow}'", limit);
            if (cancels) await CancelChildAsync(child.Id, passed.Message, source);
            throw passed;
        }
        finally
        {
            HelperEnd.LeaveContext();
        }
    }
}
