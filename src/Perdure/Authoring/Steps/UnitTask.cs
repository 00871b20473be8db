namespace Perdure.Authoring;

/// <summary>Gives tasks without a result the result <see cref="Unit"/>.</summary>
internal static class UnitTask
{
    private static readonly Task<Unit> Completed = Task.FromResult(default(Unit));

    public static Task<Unit> From(Task task) =>
        task is Task<Unit> unit ? unit : task.IsCompletedSuccessfully ? Completed : AwaitAsync(task);

    private static async Task<Unit> AwaitAsync(Task task)
    {
        await task;
        return default;
    }
}
