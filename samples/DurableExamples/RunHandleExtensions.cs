namespace Perdure.Samples.Durable;

/// <summary>For programs that show what a run is doing; others wait for its result.</summary>
internal static class RunHandleExtensions
{
    /// <summary>Waits until the run waits for something.</summary>
    public static async Task UntilSuspendedAsync(this RunHandle run)
    {
        while (await run.StatusAsync() is RunStatus.Pending or RunStatus.Running) await Task.Delay(10);
    }
}
