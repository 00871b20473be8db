using System.Diagnostics;

namespace Perdure.Tests.Engine;

/// <summary>Waits in real time for what must come about without any virtual time passing.</summary>
internal static class Waiting
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static Task Soon(this Task task) => task.WaitAsync(Limit);

    public static Task<T> Soon<T>(this Task<T> task) => task.WaitAsync(Limit);

    public static async Task UntilAsync(Func<Task<bool>> condition)
    {
        var start = Stopwatch.GetTimestamp();
        while (!await condition().Soon())
        {
            if (Stopwatch.GetElapsedTime(start) > Limit) throw new TimeoutException("It did not come true.");
            await Task.Delay(1);
        }
    }

    public static Task UntilAsync(Func<bool> condition) => UntilAsync(() => Task.FromResult(condition()));

    /// <summary>Waits until a run has a status.</summary>
    public static Task BecomesAsync(this RunHandle run, RunStatus status) => UntilAsync(async () => await run.StatusAsync() == status);

    /// <summary>Waits until a run waits for exactly one thing, of this kind.</summary>
    public static async Task<RunWait> WaitsForAsync(this RunHandle run, string kind)
    {
        RunInfo info = await run.GetAsync();
        await UntilAsync(async () => (info = await run.GetAsync()) is { Status: RunStatus.Suspended, WaitingFor: [var wait] } && wait.Kind == kind);
        return info.WaitingFor[0];
    }
}
