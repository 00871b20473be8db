using System.Diagnostics;

namespace Perdure.Bench.Measuring;

/// <summary>Keeps a fixed number of pieces of work in flight until all are done.</summary>
internal static class Load
{
    /// <summary>
    /// Runs <paramref name="one"/> for every number below <paramref name="total"/>; answers how long each took, in stopwatch ticks.
    /// </summary>
    public static async Task<long[]> RunAsync(int total, int inFlight, Func<int, Task> one)
    {
        var ticks = new long[total];
        var next = -1;
        var loops = new Task[Math.Min(total, inFlight)];
        for (var i = 0; i < loops.Length; i++) loops[i] = Task.Run(LoopAsync);
        await Task.WhenAll(loops);
        return ticks;

        async Task LoopAsync()
        {
            for (var i = Interlocked.Increment(ref next); i < total; i = Interlocked.Increment(ref next))
            {
                var start = Stopwatch.GetTimestamp();
                await one(i);
                ticks[i] = Stopwatch.GetTimestamp() - start;
            }
        }
    }
}
