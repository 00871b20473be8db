using System.Runtime.CompilerServices;
using Perdure.Authoring;

namespace Perdure;

public abstract partial class WorkflowContext
{
    /// <summary>
    /// The time of the current turn, on the store's clock. It is recorded: a replay sees the same value, and it never falls within a run.
    /// </summary>
    public abstract DateTimeOffset UtcNow { get; }

    /// <summary>Waits durably: the run leaves memory and goes on when the time has passed, whatever restarts in between.</summary>
    /// <param name="duration">How long, up to 10 years. Zero or less goes on at once, and is still recorded.</param>
    /// <param name="file">Filled by the compiler.</param>
    /// <param name="line">Filled by the compiler.</param>
    /// <exception cref="InvalidOptionException">The duration is longer than 10 years.</exception>
    /// <exception cref="WorkflowCancelledException">The run was asked to cancel.</exception>
    public Task SleepAsync(TimeSpan duration, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        IssueSleepAsync(SleepLimit.Check(duration), until: null, new SourceLine(file, line));

    /// <summary>Waits durably for a duration written as text.</summary>
    /// <param name="duration">For example <c>"1h30m"</c>; see <see cref="Durations.Parse"/>.</param>
    /// <param name="file">Filled by the compiler.</param>
    /// <param name="line">Filled by the compiler.</param>
    /// <exception cref="InvalidOptionException">The text is no duration, or it is longer than 10 years.</exception>
    /// <exception cref="WorkflowCancelledException">The run was asked to cancel.</exception>
    public Task SleepAsync(string duration, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        IssueSleepAsync(SleepLimit.Check(Durations.Parse(duration)), until: null, new SourceLine(file, line));

    /// <summary>Waits durably until an instant. One in the past goes on at once, and is still recorded.</summary>
    /// <param name="due">When to go on, at most 10 years from now.</param>
    /// <param name="file">Filled by the compiler.</param>
    /// <param name="line">Filled by the compiler.</param>
    /// <exception cref="InvalidOptionException">The instant is more than 10 years away.</exception>
    /// <exception cref="WorkflowCancelledException">The run was asked to cancel.</exception>
    public Task SleepUntilAsync(DateTimeOffset due, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        SleepLimit.Check(due - UtcNow);
        return IssueSleepAsync(duration: null, due, new SourceLine(file, line));
    }

    /// <summary>Starts a durable timer without waiting for it.</summary>
    /// <param name="duration">How long, up to 10 years.</param>
    /// <param name="file">Filled by the compiler.</param>
    /// <param name="line">Filled by the compiler.</param>
    /// <returns>A handle to await or to cancel.</returns>
    /// <exception cref="InvalidOptionException">The duration is longer than 10 years.</exception>
    public TimerHandle StartTimer(TimeSpan duration, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        new(this, IssueSleepAsync(SleepLimit.Check(duration), until: null, new SourceLine(file, line)));
}
