using System.Collections.Concurrent;
using System.Globalization;

namespace Perdure.Bench.Engines;

/// <summary>The run that a schedule of the bench starts: it notes on the side when its first line ran. Thread safe.</summary>
internal static class Fires
{
    private static readonly ConcurrentQueue<Fire> Log = new();

    /// <summary>The first line of a run that was due at a slot.</summary>
    public readonly record struct Fire(string Run, DateTimeOffset Slot, DateTimeOffset At);

    /// <summary>How many have been noted since <see cref="Forget"/>.</summary>
    public static int Count => Log.Count;

    public static void Forget() => Log.Clear();

    public static IReadOnlyList<Fire> All() => [.. Log];

    public static Task<bool> RunAsync(WorkflowContext ctx, int _)
    {
        var now = DateTimeOffset.UtcNow;
        var slot = ctx.RunId[(ctx.RunId.LastIndexOf('@') + 1)..];
        Log.Enqueue(new Fire(ctx.RunId, DateTimeOffset.Parse(slot, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal), now));
        return Task.FromResult(true);
    }
}
