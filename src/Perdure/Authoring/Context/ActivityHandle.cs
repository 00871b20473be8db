using System.Runtime.CompilerServices;
using Perdure.Authoring;

namespace Perdure;

/// <summary>An activity that was started without waiting for it. For use in workflow code only.</summary>
/// <typeparam name="T">The result's type.</typeparam>
public sealed class ActivityHandle<T>
{
    private readonly WorkflowContext _context;
    private readonly Task<T> _result;

    internal ActivityHandle(WorkflowContext context, Task<T> result, string name)
    {
        _context = context;
        _result = result;
        Name = name;
    }

    /// <summary>The activity's name.</summary>
    public string Name { get; }

    /// <summary>Waits for the result.</summary>
    /// <exception cref="ActivityFailedException">Every attempt failed, or the failure was not retryable.</exception>
    /// <exception cref="ActivityTimeoutException">One of the activity's four clocks ended it.</exception>
    /// <exception cref="WorkflowCancelledException">The run, or this activity, was cancelled.</exception>
    public Task<T> ResultAsync() => _result;

    /// <summary>
    /// Waits for the result, up to a durable limit. The activity goes on when the limit comes first, and can be awaited again.
    /// </summary>
    /// <param name="limit">The limit, fixed when the wait is recorded. Zero answers at once.</param>
    /// <param name="file">Filled by the compiler.</param>
    /// <param name="line">Filled by the compiler.</param>
    /// <exception cref="WaitLimitException">The limit came first.</exception>
    /// <inheritdoc cref="ResultAsync()" path="/exception"/>
    public async Task<T> ResultAsync(TimeSpan limit, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        try
        {
            bool ended = await _context.LimitAsync(_result, SleepLimit.Check(limit), new SourceLine(file, line));
            return ended ? await _result : throw new WaitLimitException($"the activity '{Name}'", limit);
        }
        finally
        {
            HelperEnd.LeaveContext();
        }
    }

    /// <summary>Cancels the activity: a queued one never runs, a running one sees its token. One that has ended stays as it is.</summary>
    /// <param name="file">Filled by the compiler.</param>
    /// <param name="line">Filled by the compiler.</param>
    public void Cancel([CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        _context.Cancel(_result, new SourceLine(file, line));
}
