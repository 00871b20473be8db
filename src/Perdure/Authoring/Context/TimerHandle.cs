using System.Runtime.CompilerServices;
using Perdure.Authoring;

namespace Perdure;

/// <summary>A durable timer that was started with <see cref="WorkflowContext.StartTimer"/>. For use in workflow code only.</summary>
public sealed class TimerHandle
{
    private readonly WorkflowContext _context;

    internal TimerHandle(WorkflowContext context, Task elapsed)
    {
        _context = context;
        Elapsed = elapsed;
    }

    /// <summary>Ends when the time has passed; cancelled when the timer was.</summary>
    public Task Elapsed { get; }

    /// <summary>Cancels the timer. A timer that has already fired stays as it is.</summary>
    /// <param name="file">Filled by the compiler.</param>
    /// <param name="line">Filled by the compiler.</param>
    public void Cancel([CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        _context.Cancel(Elapsed, new SourceLine(file, line));
}
