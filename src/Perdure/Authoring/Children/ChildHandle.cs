using System.Runtime.CompilerServices;
using Perdure.Authoring;

namespace Perdure;

/// <summary>A child workflow that was started without waiting for it. For use in workflow code only.</summary>
/// <typeparam name="T">The result's type.</typeparam>
public sealed class ChildHandle<T>
{
    private readonly WorkflowContext _context;
    private readonly IStartedChild<T> _child;

    internal ChildHandle(WorkflowContext context, IStartedChild<T> child) => (_context, _child) = (context, child);

    /// <summary>The child's id. It can be handed to others.</summary>
    public string Id => _child.Id;

    /// <summary>Name of the child's workflow.</summary>
    public string Workflow => _child.Workflow;

    /// <summary>Waits for the result. When the run is cancelled only the wait ends; inside a shield the child can be awaited still.</summary>
    /// <exception cref="ChildWorkflowException">The child ended without a result.</exception>
    /// <exception cref="WorkflowCancelledException">The run was asked to cancel.</exception>
    public Task<T> ResultAsync() => _context.AwaitChildAsync(_child);

    /// <summary>Waits for the result, up to a durable limit. The child goes on when the limit comes first, and can be awaited again.</summary>
    /// <param name="limit">The limit, fixed when the wait is recorded. Zero answers at once.</param>
    /// <param name="file">Filled by the compiler.</param>
    /// <param name="line">Filled by the compiler.</param>
    /// <exception cref="WaitLimitException">The limit came first.</exception>
    /// <inheritdoc cref="ResultAsync()" path="/exception"/>
    public async Task<T> ResultAsync(TimeSpan limit, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        try
        {
            var result = ResultAsync();
            bool ended = await _context.LimitAsync(result, SleepLimit.Check(limit), new SourceLine(file, line));
            return ended ? await result : throw new WaitLimitException($"the child '{Workflow}'", limit);
        }
        finally
        {
            HelperEnd.LeaveContext();
        }
    }

    /// <summary>
    /// Asks where the child stands now, or the run that went on in its place. The answer is a step of the workflow, named <c>child-status</c>: it is recorded, and a replay sees the same. To wait for
    /// the child's end use <see cref="ResultAsync()"/>.
    /// </summary>
    /// <param name="file">Filled by the compiler.</param>
    /// <param name="line">Filled by the compiler.</param>
    /// <exception cref="StepFailedException">The child could not be read, or was deleted.</exception>
    /// <exception cref="WorkflowCancelledException">The run was asked to cancel.</exception>
    public Task<RunStatus> StatusAsync([CallerFilePath] string file = "", [CallerLineNumber] int line = 0) => _context.StatusOfChildAsync(Id, new SourceLine(file, line));

    /// <summary>Sends the child a signal. It is on its way as soon as what the run has done so far is durable; a child that has ended takes none.</summary>
    /// <typeparam name="TPayload">The payload's type.</typeparam>
    /// <param name="signal">The signal.</param>
    /// <param name="payload">What it carries.</param>
    /// <param name="file">Filled by the compiler.</param>
    /// <param name="line">Filled by the compiler.</param>
    /// <exception cref="WorkflowCancelledException">The run was asked to cancel.</exception>
    public Task SignalAsync<TPayload>(Signal<TPayload> signal, TPayload payload, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        ArgumentNullException.ThrowIfNull(signal);
        return _context.SignalChildAsync(Id, signal, payload, new SourceLine(file, line));
    }

    /// <summary>Asks the child to cancel. It may clean up; how it ends is the outcome of <see cref="ResultAsync()"/>. One that has ended stays as it is.</summary>
    /// <param name="reason">Why; the child reads it.</param>
    /// <param name="file">Filled by the compiler.</param>
    /// <param name="line">Filled by the compiler.</param>
    /// <exception cref="WorkflowCancelledException">The run was asked to cancel.</exception>
    public Task CancelAsync(string? reason = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        _context.CancelChildAsync(Id, reason, new SourceLine(file, line));
}
