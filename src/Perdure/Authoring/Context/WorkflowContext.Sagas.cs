using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using Perdure.Authoring;

namespace Perdure;

public abstract partial class WorkflowContext
{
    /// <summary>What of the workflow's steps and activities the code saw complete last; null for nothing yet.</summary>
    internal abstract CompletedStep? LastCompleted { get; }

    /// <summary>What the run's start or its workflow says about undoing when it is cancelled; null for nothing.</summary>
    internal abstract bool? CompensateOnCancel { get; }

    /// <summary>
    /// Runs a part of the workflow that is done as a whole or undone: when it fails, what its steps did is undone, newest first, and the failure goes on.
    /// </summary>
    /// <remarks>
    /// Undoing is durable: after a crash it goes on at the first undo that is not recorded. A cancellation of the run and its timeout undo too, unless
    /// <see cref="SagaOptions.CompensateOnCancel"/> is off. Who catches the failure outside goes on in a workflow that has undone its saga all the same. A run that ends with
    /// the failure says <c>Compensated</c>.
    /// </remarks>
    /// <typeparam name="T">The result's type.</typeparam>
    /// <param name="body">Workflow code. It registers each undo right after the step that it undoes has returned.</param>
    /// <param name="options">When to undo; null for the defaults.</param>
    /// <param name="file">Filled by the compiler.</param>
    /// <param name="line">Filled by the compiler.</param>
    /// <exception cref="CompensationFailedException">An undo failed for good. The run ends as CompensationFailed, unless somebody catches it.</exception>
    public async Task<T> SagaAsync<T>(
        Func<Saga, Task<T>> body, SagaOptions? options = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        ArgumentNullException.ThrowIfNull(body);
        var saga = new Saga(this);
        try
        {
            return await body(saga);
        }
        catch (Exception failure) when (saga.HasUndos && MustUndo(failure, options))
        {
            CompensationFailedException? failed;
            using (EnterShield()) failed = await CompensateAsync(saga, failure, new SourceLine(file, line));
            if (failed is not null) throw failed;
            ExceptionDispatchInfo.Throw(failure);
            throw;
        }
        finally
        {
            HelperEnd.LeaveContext();
        }
    }

    /// <inheritdoc cref="SagaAsync{T}(Func{Saga, Task{T}}, SagaOptions?, string, int)"/>
    public Task SagaAsync(Func<Saga, Task> body, SagaOptions? options = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        ArgumentNullException.ThrowIfNull(body);
        return SagaAsync(
            async saga =>
            {
                await body(saga);
                return default(Unit);
            },
            options, file, line);
    }

    private protected abstract Task IssueUndoAsync(Undo undo);

    /// <summary>Records that a saga begins to undo.</summary>
    private protected abstract void BeginCompensation(Exception failure, Undo[] undos, SourceLine source);

    /// <summary>Records what became of it.</summary>
    private protected abstract CompensationFailedException? EndCompensation(Exception failure, IReadOnlyList<CompensationResult> results, SourceLine source);

    private bool MustUndo(Exception failure, SagaOptions? options) =>
        failure is not WorkflowCancelledException || (options?.CompensateOnCancel ?? CompensateOnCancel ?? true);

    private async Task<CompensationFailedException?> CompensateAsync(Saga saga, Exception failure, SourceLine source)
    {
        var undos = saga.Take();
        var results = new List<CompensationResult>(undos.Length);
        BeginCompensation(failure, undos, source);
        foreach (var undo in undos)
        {
            try
            {
                await IssueUndoAsync(undo);
                results.Add(new CompensationResult(undo.Step?.Name, undo.Name, CompensationStatus.Completed, LastCompleted!.Attempts));
            }
            catch (OperationFailedException e)
            {
                results.Add(new CompensationResult(undo.Step?.Name, undo.Name, CompensationStatus.Failed, e.Attempts, RunError.Of(e.Failure)));
            }
            catch (StepOutcomeUnknownException e)
            {
                results.Add(new CompensationResult(undo.Step?.Name, undo.Name, CompensationStatus.Failed, 1, new RunError(e.Code, e.Message)));
            }
        }
        return EndCompensation(failure, results, source);
    }
}
