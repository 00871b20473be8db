using Perdure.Authoring;

namespace Perdure;

public abstract partial class WorkflowContext
{
    /// <summary>Fires when the run is asked to cancel. For pure code; steps and activities get their own token.</summary>
    public abstract CancellationToken CancellationToken { get; }

    /// <summary>
    /// Runs cleanup to its end: inside, cancellation is not raised. Shields nest; leaving one restores the outer state.
    /// </summary>
    /// <param name="body">Workflow code. After a crash it goes on at its first unfinished operation.</param>
    public async Task ShieldAsync(Func<Task> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        try
        {
            using (EnterShield()) await body();
        }
        finally
        {
            HelperEnd.LeaveContext();
        }
    }

    /// <summary>
    /// Runs cleanup to its end and returns its result: inside, cancellation is not raised.
    /// </summary>
    /// <typeparam name="T">The result's type.</typeparam>
    /// <param name="body">Workflow code. After a crash it goes on at its first unfinished operation.</param>
    public async Task<T> ShieldAsync<T>(Func<Task<T>> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        try
        {
            using (EnterShield()) return await body();
        }
        finally
        {
            HelperEnd.LeaveContext();
        }
    }
}
